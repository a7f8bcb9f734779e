"""A process that does what it is told with a rotation, and may be killed: each act in a process of its own.

`python -m tests.rotation.child` reads an order a line, says the id of the process that does it, then what
came of it, then how the process ended. What takes longest, the imports, is done once.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile

from aicore_magics.actions import connect_with
from aicore_magics.actions.rotations import RotationOptions, resume_rotation, rotate, undo_rotation
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.rotation import targets
from aicore_magics.rotation.plan import Plan


def said(order):
    """Do what *order* says; give what was told, as plain data."""
    os.environ["AICORE_MAGICS_STATE"] = tempfile.tempdir = order["state"]
    # The servers that are asked apply all at once, and the parent waits until they have.
    targets.VISIBLE_WITHIN = 0.0
    tenants = [connect_with(key, sandbox=True) for key in order["keys"]]
    logins = [RegistryLogin(host, user, Secret(password)) for host, user, password in order["logins"]]
    options = RotationOptions(timeout=order["timeout"], another=order["another"])
    acts = {
        "rotate": lambda: rotate(Plan.parse(order["plan"]), tenants, logins, options),
        "resume": lambda: resume_rotation(tenants, logins, options=options),
        "undo": lambda: undo_rotation(tenants, logins, options=options),
    }
    try:
        result = acts[order["act"]]()
    except AICoreError as error:
        result = getattr(error, "result", None)
        return {"came": type(error).__name__, "what": str(error), "states": states_of(result)}
    return {"came": "done", "what": "", "states": states_of(result)}


def states_of(result):
    """The state of each secret, by its tenant and name."""
    each = result.outcomes.each if result else ()
    return {f"{outcome.secret.tenant} {outcome.secret.name}": outcome.state for outcome in each}


def main():
    """Do each order in a child."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                tell(said(json.loads(line)))
            except BaseException as fault:  # noqa: BLE001 - the parent judges it
                tell({"came": "fault", "what": repr(fault), "states": {}})
            finally:
                os._exit(0)
        tell({"process": child})
        _, status = os.waitpid(child, 0)
        tell({"ended": os.waitstatus_to_exitcode(status)})


def tell(data):
    """Write one line at once: it may be the last."""
    os.write(1, f"{json.dumps(data)}\n".encode())


if __name__ == "__main__":
    main()
