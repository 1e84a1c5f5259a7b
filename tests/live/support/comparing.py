"""Compares a call as strace shows it with gyr's event of it, argument by argument."""

import re
from pathlib import Path

import gyrlines
import tracelines
from tracelines import Line

ERRNO = {"ERESTARTSYS": 512, "ERESTARTNOINTR": 513, "ERESTARTNOHAND": 514,
         "ERESTART_RESTARTBLOCK": 516}
PIDS = {"pid", "tid", "pgid", "val"}  # val: a futex of a thread that is waited for
# What one of the two shows by its own habit: flags that are none, and those that gyr derives.
HABITS = {"O_NONE", "O_F_CREATED", "PROT_NONE", "O_RDONLY", "O_LARGEFILE", "SIGCHLD", "F_OK",
          "MAP_STACK", "O_PATH", "O_NOFOLLOW",  # scap has no bit for these three
          "IPC_64"}
NUMBERED_BY_KERNEL = {"semget", "keyctl"}  # another number each time
TEMPORARY = re.compile(r"(/tmp/\w+\.)\w{6}(?!\w)")
SHOWN_BYTES = 80


def flag_names(text: str) -> set[str]:
    """Names as scap has them: no EFD_NONBLOCK, and all that O_TMPFILE and O_SYNC contain."""
    names = {re.sub("^(EFD|SFD|IN|MFD_O|SOCK)_(?=NONBLOCK|CLOEXEC)", "O_", name)
             for name in re.findall(r"[A-Z][A-Z0-9_]+", text)}
    contained = {"O_TMPFILE": "O_DIRECTORY", "O_SYNC": "O_DSYNC"}
    return names - HABITS - {part for whole, part in contained.items() if whole in names}


def read_table() -> dict[str, tuple[str, list[str]]]:
    table = {}
    for line in (Path(__file__).parent / "calls.tsv").read_text().splitlines()[1:]:
        name, own, parameters = line.split("\t")
        table[name] = (name if own == "-" else own, re.findall(r"[{\[].*?[}\]]|\S+", parameters))
    return table


TABLE = read_table()
WORDS = re.compile(r"\w+")
PARAMETERS = {word.split(":")[-1] for _, specs in TABLE.values() for spec in specs
              for word in spec.strip("{}[]").split() if word != "-"}
PARAMETERS |= {"exe", "status", "sig", "addr", "reason", "nativeID"}


class Comparer:
    """Knows each side's names of the threads, by their ids."""

    def __init__(self, theirs: dict[int, str], ours: dict[int, str]):
        self.theirs, self.ours = theirs, ours

    def differences(self, line: Line, event: gyrlines.Event) -> list[str]:
        if line.name == "end":
            return self.end(line, event)
        if line.name == "signal":
            return self.signal(line, event)
        name, specs = TABLE.get(line.name, (line.name, []))
        if line.name == "execveat" and line.result == "0":
            name = "execve"  # scap's habit
        if line.name.startswith("syscall_0x"):
            name, number = "unknown", int(line.name[8:], 16)
            return [] if event.values["nativeID"] == min(number, 0xffff) else ["nativeID"]
        if event.name != name:
            return ["name"]
        if all(value is None for value in event.values.values()) and event.result is None:
            return []  # an event of the generic kind has nothing to compare
        found = [] if self.same_result(line, event) else ["result"]
        for spec, argument in zip(specs, line.arguments):
            found += self.argument(spec, argument, event)
        return found

    def signal(self, line: Line, event: gyrlines.Event) -> list[str]:
        """Without a tracer the kernel delivers a deadly signal to every thread as SIGKILL."""
        return [] if event.shown["sig"] in (line.arguments[0], "SIGKILL") else ["sig"]

    def end(self, line: Line, event: gyrlines.Event) -> list[str]:
        if event.name != "procexit":
            return ["name"]
        if line.arguments[0] == "superseded":
            return []
        status = event.values["status"]
        if line.arguments[0] == "exited with":
            return [] if status == int(line.arguments[1]) << 8 else ["status"]
        return [] if event.shown["sig"] == line.arguments[1] else ["sig"]

    def same_result(self, line: Line, event: gyrlines.Event) -> bool:
        if line.result == "?" or event.result is None or line.name in NUMBERED_BY_KERNEL:
            return True
        if line.result.startswith("E"):
            import errno
            number = getattr(errno, line.result, ERRNO.get(line.result))
            return event.result == -number
        theirs = tracelines.number_of(line.result)
        return self.same_number(theirs, event.result, True)

    def same_number(self, theirs: int, ours: int, perhaps_pid: bool) -> bool:
        if perhaps_pid and theirs in self.theirs:
            return self.theirs[theirs] == self.ours.get(ours)
        return (theirs - ours) % 2**32 == 0

    def argument(self, spec: str, argument: str, event: gyrlines.Event) -> list[str]:
        argument = re.sub(r"^(child_stack|flags|parent_tid|child_tid)=", "", argument)
        if spec == "-":
            return []
        if spec[0] == "{":
            if argument[0] != "{":
                return []
            shown = tracelines.fields(argument)
            pairs = [(word.split(":")[0], word.split(":")[-1]) for word in spec[1:-1].split()]
            return [d for key, name in pairs if key in shown
                    for d in self.argument(name, shown[key], event)]
        if spec[0] == "[":
            if argument[0] != "[":
                return []
            return [d for name, item in zip(spec[1:-1].split(), tracelines.pieces(argument[1:-1]))
                    for d in self.argument(name, item, event)]
        raw, shown = event.values.get(spec), event.shown.get(spec)
        same = getattr(self, "same_" + spec, None)
        equal = same(argument, raw, shown, event) if same else self.same(spec, argument, raw, shown)
        return [] if equal else [f"{spec} {argument[:90]}"]

    def same(self, name: str, argument: str, raw: object, shown: str | None) -> bool:
        if argument.startswith('"'):
            text, more = tracelines.text_of(argument)
            text = TEMPORARY.sub(r"\1XXXXXX", text)
            ours = TEMPORARY.sub(r"\1XXXXXX", str(raw or ""))
            return ours.startswith(text) if more else ours == text
        number = tracelines.number_of(argument)
        comment = re.search(r"/\* (.*) \*/", argument)
        names = flag_names(comment[1] if comment else "")
        own = flag_names(shown or "")
        if "???" in argument or "UNKNOWN" in (shown or ""):
            return True  # neither has a name for it, and scap not always the number
        if isinstance(raw, str) or raw is None:
            return raw in (None, "", "<NA>", "NULL") and self.is_no_text(argument, shown)
        if number is not None and self.same_number(number, raw, name in PIDS):
            return True
        return names == own and (comment is not None or number is None)

    @staticmethod
    def is_no_text(argument: str, shown: str | None) -> bool:
        """Where strace shows an address, there is no text, which gyr says in so many words."""
        return re.fullmatch(r"NULL|0x[0-9a-f]+", argument) is not None and shown in ("NULL", "<NA>")

    def same_data(self, argument: str, raw: object, shown: str | None, event) -> bool:
        if (event.result or 0) < 0:
            return True  # the data of failed writes may differ
        found = re.findall(r'iov_base=("(?:\\.|[^"\\])*")', argument)
        if argument.startswith('"'):
            found = [argument]
        text = "".join(tracelines.text_of(piece)[0] for piece in found)[:SHOWN_BYTES]
        ours = str(raw or "")[:SHOWN_BYTES]
        return text[:len(ours)] == ours and (len(ours) > 0 or not text)

    def same_args(self, argument: str, raw: object, shown: str | None, event) -> bool:
        words = [tracelines.text_of(word)[0] for word in tracelines.pieces(argument[1:-1])
                 if word[0] == '"']
        return str(raw or "").rstrip(".") == ".".join(words[1:]).rstrip(".")

    def same_env(self, argument: str, raw: object, shown: str | None, event) -> bool:
        words = [tracelines.text_of(word)[0] for word in tracelines.pieces(argument[1:-1])
                 if word[0] == '"']
        return str(raw or "").rstrip(".").startswith(".".join(words)[:60].rstrip("."))

    def same_address(self, argument: str, raw: object, shown: str | None, event) -> bool:
        if port := re.search(r"htons\((\d+)\)", argument):
            return int(port[1]) < 43210 or int(port[1]) > 43213 or port[1] in (shown or "")
        path = re.search(r'sun_path=@?"([^"]*)"', argument)
        return path is None or path[1] in (shown or "")

    def same_addr(self, argument: str, raw: object, shown: str | None, event) -> bool:
        if argument.startswith("{"):
            return self.same_address(argument, raw, shown, event)
        return self.same("addr", argument, raw, shown)

    same_tuple = same_address

    def same_semflg(self, argument: str, raw: object, shown: str | None, event) -> bool:
        """scap has no bits for the permissions that go with them."""
        return flag_names(argument) == flag_names(shown or "")

    def same_fds(self, argument: str, raw: object, shown: str | None, event) -> bool:
        theirs = [int(fd) for fd in re.findall(r"fd=(\d+)", argument)]
        ours = [int(fd) for fd in re.findall(r"(?:^| )(\d+):", shown or "")]
        return set(ours) <= set(theirs) and len(ours) == max(event.result or 0, 0)

    def same_interval(self, argument: str, raw: object, shown: str | None, event) -> bool:
        numbers = re.findall(r"tv_n?sec=(\d+)", argument)
        return len(numbers) != 2 or raw == int(numbers[0]) * 10**9 + int(numbers[1])

    def same_timeout(self, argument: str, raw: object, shown: str | None, event) -> bool:
        if argument.startswith("{"):
            return self.same_interval(argument, raw, shown, event)
        return self.same("timeout", argument, raw, shown)

    def same_mask(self, *unused) -> bool:
        return True
