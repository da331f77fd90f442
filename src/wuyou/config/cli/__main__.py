"""`python -m wuyou.config.cli` is the same as `wuyou`."""

import sys

from wuyou.config.cli import main

sys.exit(main())
