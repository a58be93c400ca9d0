"""The `jobmarket` command: parses arguments, calls the layers; heavy imports happen late."""


def main() -> int:
    return 0
