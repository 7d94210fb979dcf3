"""Where Instagram fetches pictures: a web folder, a bucket, or the photo of a Page."""
