#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes satchelctl's man pages and shell completions from the command tables in the C sources and the prose in
commands.ini, so that a command, an option and its help are written down once.

make-pages.py man|completions PROSE OUTPUT-FOLDER SOURCE..."""
import configparser
import pathlib
import re
import sys

TABLE = re.compile(r"const CtlCommand ctl_\w+_commands\[\] = \{(.*?)\n\};", re.S)
ROW = re.compile(r'\{\s*"([\w-]+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*N_ \(((?:"(?:[^"\\]|\\.)*"\s*)+)\),\s*(\w+),?\s*\}', re.S)
FUNCTION = re.compile(r"^(\w+) \(([^;{]*?)\)\n\{\n(.*?)^\}", re.S | re.M)
OPTION = re.compile(
    r'\{\s*"([\w-]+)",\s*(0|\'.\'),\s*\w+,\s*(G_OPTION_ARG_\w+),\s*[^,]+,\s*N_ \(((?:"(?:[^"\\]|\\.)*"\s*)+)\),\s*'
    r'(?:N_ \("([^"]*)"\)|NULL),?\s*\}', re.S)


def text(literal):
    """A C string literal, or several side by side, as text."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal)).replace('\\"', '"').replace("\\n", "\n")


class Command:
    def __init__(self, name, arguments, summary, options):
        self.name, self.arguments, self.summary, self.options = name, arguments, summary, options


def options_of(body, functions, seen=()):
    """The options of a function, and of the helpers it hands argv to."""
    found = [(long, short.strip("'") if short != "0" else "", kind, text(help_text), value)
             for long, short, kind, help_text, value in OPTION.findall(body)]
    for helper in re.findall(r"\b(parse_\w+) \(&argc, &argv", body):
        if helper in functions and helper not in seen:
            found += options_of(functions[helper], functions, (*seen, helper))
    return found


def read_sources(paths):
    commands, global_options = [], []
    for path in paths:
        source = pathlib.Path(path).read_text(encoding="utf-8")
        functions = {name: body for name, _, body in FUNCTION.findall(source)}
        if "parse_globals" in functions:
            global_options = options_of(functions["parse_globals"], {})
        for table in TABLE.findall(source):
            for name, arguments, summary, run in ROW.findall(table):
                commands.append(Command(name, text(arguments), text(summary), options_of(functions.get(run, ""), functions)))
    return sorted(commands, key=lambda c: c.name), global_options


# --- Man pages ------------------------------------------------------------------------------------

def roff(words):
    return re.sub(r"^([.'])", r"\\&\1", words.replace("\\", "\\e").replace("-", "\\-"), flags=re.M)


def roff_options(options):
    lines = []
    for long, short, _, help_text, value in options:
        names = ", ".join(f"\\fB{roff(n)}\\fR" for n in ([f"-{short}"] if short else []) + [f"--{long}"])
        lines += [".TP", names + (f" \\fI{roff(value)}\\fR" if value else ""), roff(help_text) + "."]
    return lines


def paragraphs(words):
    return [line for part in words.strip().split("\n\n") for line in (".PP", roff(part.strip()))]


def command_page(command, prose):
    about = prose[command.name]["about"] if command.name in prose else command.summary + "."
    lines = [f'.TH SATCHELCTL-{command.name.upper()} 1 "" "Satchel"', ".SH NAME",
             f"satchelctl\\-{roff(command.name)} \\- {roff(command.summary[0].lower() + command.summary[1:])}", ".SH SYNOPSIS",
             f"\\fBsatchelctl\\fR [\\fIOPTION\\fR]... \\fB{roff(command.name)}\\fR {roff(command.arguments)}".rstrip(),
             ".SH DESCRIPTION", *paragraphs(about)]
    if command.options:
        lines += [".SH OPTIONS", *roff_options(command.options)]
    if command.name in prose and "example" in prose[command.name]:
        lines += [".SH EXAMPLE", ".nf", roff(prose[command.name]["example"].strip()), ".fi"]
    return "\n".join(lines + [".SH SEE ALSO", "\\fBsatchelctl\\fR(1)", ""])


def main_page(commands, options, prose):
    lines = ['.TH SATCHELCTL 1 "" "Satchel"', ".SH NAME", "satchelctl \\- keep reports and evidence in a vault, and send them sealed",
             ".SH SYNOPSIS", "\\fBsatchelctl\\fR [\\fIOPTION\\fR]... \\fICOMMAND\\fR ...", ".SH DESCRIPTION",
             *paragraphs(prose["satchelctl"]["about"]), ".SH OPTIONS", *roff_options(options), ".SH COMMANDS"]
    for command in commands:
        lines += [".TP", f"\\fB{roff(command.name)}\\fR {roff(command.arguments)}".rstrip(), roff(command.summary) + "."]
    lines.append(".SH EXIT STATUS")
    for code, meaning in prose["exit"].items():
        lines += [".TP", f"\\fB{code}\\fR", roff(meaning) + "."]
    lines += [".SH ENVIRONMENT", ".TP", "\\fBSATCHEL_VAULT\\fR", "The vault's folder, where --vault does not name one.".replace("-", "\\-"),
              ".SH SEE ALSO", ", ".join(f"\\fBsatchelctl\\-{roff(c.name)}\\fR(1)" for c in commands) + ", \\fBsatchel\\-intake\\fR(8)", ""]
    return "\n".join(lines)


# --- Completions ----------------------------------------------------------------------------------

def words_of(options):
    return " ".join(w for long, short, *_ in options for w in ([f"-{short}"] if short else []) + [f"--{long}"])


def bash(commands, options):
    cases = "\n".join(f"    {c.name}) words='{words_of(c.options)}' ;;" for c in commands if c.options)
    valued = "|".join(f"--{long}" for long, _, kind, *_ in options if kind != "G_OPTION_ARG_NONE")
    return f"""# bash completion for satchelctl
_satchelctl() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command= i words
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      {valued}) ((i++)) ;;
      -*) ;;
      *) command=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  if [ -z "$command" ]; then
    case $word in -*) words='{words_of(options)}' ;; *) words='{" ".join(c.name for c in commands)}' ;; esac
    case ${{COMP_WORDS[COMP_CWORD-1]}} in {valued}) compopt -o default; COMPREPLY=(); return ;; esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    return
  fi
  case $word in -*) ;; *) compopt -o default; COMPREPLY=(); return ;; esac
  words=
  case $command in
{cases}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}}
complete -F _satchelctl satchelctl
"""


def quote(words):
    return words.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def zsh_option(long, short, kind, help_text, value):
    tail = f"[{quote(help_text)}]" + ("" if kind == "G_OPTION_ARG_NONE" else f":{value}:" + ("_files" if "FILENAME" in kind else ""))
    many = "*" if "ARRAY" in kind else ""
    return [f"'{many}--{long}{tail}'"] + ([f"'{many}-{short}{tail}'"] if short else [])


def zsh(commands, options):
    arguments = lambda found: " ".join(w for o in found for w in zsh_option(*o))
    cases = "\n".join(f"        {c.name}) _arguments {arguments(c.options)} '*:file:_files' ;;" for c in commands)
    names = "\n".join(f"        '{c.name}:{quote(c.summary)}'" for c in commands)
    return f"""#compdef satchelctl
_satchelctl() {{
  local state line
  local -a commands
  _arguments -C {arguments(options)} '1: :->command' '*:: :->rest'
  case $state in
    command)
      commands=(
{names}
      )
      _describe command commands ;;
    rest)
      case $words[1] in
{cases}
      esac ;;
  esac
}}
_satchelctl "$@"
"""


def fish(commands, options):
    plain = lambda words: words.replace("'", "\\'")
    lines = ["# fish completion for satchelctl", "set -l commands " + " ".join(c.name for c in commands)]
    for long, short, kind, help_text, _ in options:
        lines.append(f"complete -c satchelctl -l {long}" + (f" -s {short}" if short else "") + ("" if kind == "G_OPTION_ARG_NONE" else " -r") + f" -d '{plain(help_text)}'")
    for c in commands:
        lines.append(f"complete -c satchelctl -n \"not __fish_seen_subcommand_from $commands\" -f -a {c.name} -d '{plain(c.summary)}'")
        for long, short, kind, help_text, _ in c.options:
            lines.append(f"complete -c satchelctl -n '__fish_seen_subcommand_from {c.name}' -l {long}" + (f" -s {short}" if short else "") + ("" if kind == "G_OPTION_ARG_NONE" else " -r") + f" -d '{plain(help_text)}'")
    return "\n".join(lines) + "\n"


def main(what, prose_path, folder, *sources):
    commands, options = read_sources(sources)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if what == "completions":
        for name, make in (("satchelctl", bash), ("_satchelctl", zsh), ("satchelctl.fish", fish)):
            (folder / name).write_text(make(commands, options), encoding="utf-8")
        return
    prose = configparser.ConfigParser(interpolation=None)
    prose.read(prose_path, encoding="utf-8")
    unknown = set(prose.sections()) - {c.name for c in commands} - {"satchelctl", "exit"}
    if unknown:
        sys.exit(f"{prose_path}: no such command: {', '.join(sorted(unknown))}")
    (folder / "satchelctl.1").write_text(main_page(commands, options, prose), encoding="utf-8")
    for command in commands:
        (folder / f"satchelctl-{command.name}.1").write_text(command_page(command, prose), encoding="utf-8")


main(*sys.argv[1:])
