"""The pages, one file for each subject: a view gets a visit, calls a flow, and answers."""
