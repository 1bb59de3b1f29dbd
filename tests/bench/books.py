"""A database of its own for figures: see tests/bench/billing and tests/bench/bank."""
import os, subprocess, sys

from stack import BUILD


class Database:
    """A database of its own on the stack's server, and the tools that work on it."""

    def __init__(self, stack, name, config=None):
        self.stack, self.name = stack, name
        self.config = f"{stack.var}/etc/{name}.toml"
        stack.sql(f"DROP DATABASE IF EXISTS {name}; CREATE DATABASE {name}; GRANT ALL ON {name}.* TO 'uncloud'@'localhost'")
        with open(stack.var + "/etc/billing.toml") as f:
            text = f.read().replace('name = "uncloud"', f'name = "{name}"')
        for old, new in (config or {}).items():
            text = text.replace(old, new)
        with open(os.open(self.config, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as f:
            f.write(text)
        self.tool("bin/uncloud", "migrate")

    def tool(self, program, *arguments, wait=True):
        environment = dict(self.stack.environment, UNCLOUD_CONFIG=self.config)
        process = subprocess.Popen([f"{BUILD}/{program}", *map(str, arguments)], env=environment, stdout=subprocess.PIPE, text=True)
        return process if not wait else finished(process)

    def drop(self):
        self.stack.sql(f"DROP DATABASE {self.name}")


def finished(process):
    out = process.communicate()[0]
    if process.returncode != 0:
        sys.exit(f"{process.args} ended with {process.returncode}: {out[-500:]}")
    return out
