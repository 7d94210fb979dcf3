"""What ends a request before its page: a status, and the words that tell a person why."""


class Halt(Exception):
    """`key` names the words; without one, they are those of the status."""

    def __init__(self, status: int, key: str = "") -> None:
        super().__init__(status, key)
        self.status = status
        self.key = key or f"status-{status}"
