"""`python -m somos_social` is `somos`."""

from somos_social.cli import main

main()
