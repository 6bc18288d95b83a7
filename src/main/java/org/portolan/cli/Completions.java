package org.portolan.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes the shells' completion scripts from the commands themselves. */
final class Completions {
    private Completions() {}

    /** A command with its path of names, such as {@code system up}. */
    private record Leaf(String path, CommandSpec spec) {}

    /** bash: one function that picks words by the command in the line. */
    static String bash() {
        StringBuilder cases = new StringBuilder();
        for (Leaf leaf : leaves()) {
            cases.append("    \"")
                    .append(leaf.path())
                    .append("\") words=\"")
                    .append(words(leaf))
                    .append("\" ;;\n");
        }
        return """
                # Completion of portolan for bash: source <(portolan completion bash)
                _portolan() {
                  local current=${COMP_WORDS[COMP_CWORD]} path="" word words skip=""
                  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    if [ -n "$skip" ]; then skip=""; continue; fi
                    case $word in
                      -D|--deployment) skip=1 ;;
                      -*) ;;
                      *) case " @GROUPS@ " in
                           *" $path "*) path="$path $word" ;;
                           *) [ -z "$path" ] && path=$word ;;
                         esac ;;
                    esac
                  done
                  case $path in
                @CASES@    *) words="" ;;
                  esac
                  COMPREPLY=($(compgen -W "$words" -- "$current"))
                }
                complete -o default -F _portolan portolan
                """.replace("@GROUPS@", String.join(" ", groups())).replace("@CASES@", cases.toString());
    }

    /** zsh: uses bash's script, which zsh can run. */
    static String zsh() {
        return "# Completion of portolan for zsh: source <(portolan completion zsh), after compinit\n"
                + "autoload -U +X bashcompinit && bashcompinit\n"
                + bash();
    }

    /** fish: one line for each word. */
    static String fish() {
        StringBuilder text =
                new StringBuilder("# Completion of portolan for fish: portolan completion fish | source\n");
        String names = String.join(" ", CommandTable.names());
        for (Leaf leaf : leaves()) {
            String condition = condition(leaf, names);
            for (Map.Entry<String, CommandLine> sub : leaf.spec().subcommands().entrySet()) {
                text.append("complete -c portolan -n '")
                        .append(condition)
                        .append("' -f -a ")
                        .append(sub.getKey());
                text.append(
                        describe(sub.getValue().getCommandSpec().usageMessage().description()));
            }
            for (OptionSpec option : leaf.spec().options()) {
                text.append("complete -c portolan -n '").append(condition).append('\'');
                for (String name : option.names()) {
                    text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
                }
                text.append(option.arity().max() > 0 ? " -r" : "").append(describe(option.description()));
            }
        }
        return text.toString();
    }

    private static String condition(Leaf leaf, String names) {
        if (leaf.path().isEmpty()) {
            return "not __fish_seen_subcommand_from " + names;
        }
        String[] words = leaf.path().split(" ", -1);
        String condition = "__fish_seen_subcommand_from " + words[0];
        return words.length == 1 ? condition : condition + "; and __fish_seen_subcommand_from " + words[1];
    }

    private static String describe(String[] description) {
        return description.length == 0 ? "\n" : " -d '" + description[0].replace("'", "\\'") + "'\n";
    }

    private static String words(Leaf leaf) {
        List<String> words = new ArrayList<>(leaf.spec().subcommands().keySet());
        for (OptionSpec option : leaf.spec().options()) {
            words.addAll(List.of(option.names()));
        }
        leaf.spec().positionalParameters().forEach(parameter -> {
            if (parameter.completionCandidates() != null) {
                parameter.completionCandidates().forEach(words::add);
            }
        });
        return String.join(" ", words);
    }

    private static List<String> groups() {
        return leaves().stream()
                .filter(leaf ->
                        !leaf.path().isEmpty() && !leaf.spec().subcommands().isEmpty())
                .map(Leaf::path)
                .toList();
    }

    /** Every command, the program itself first. */
    private static List<Leaf> leaves() {
        List<Leaf> leaves = new ArrayList<>();
        collect("", everything().getCommandSpec(), leaves);
        return leaves;
    }

    private static void collect(String path, CommandSpec spec, List<Leaf> leaves) {
        leaves.add(new Leaf(path, spec));
        for (Map.Entry<String, CommandLine> sub : spec.subcommands().entrySet()) {
            collect((path + " " + sub.getKey()).strip(), sub.getValue().getCommandSpec(), leaves);
        }
    }

    /** The program with all of its commands. */
    static CommandLine everything() {
        CliCommand[] commands =
                CommandTable.names().stream().map(CommandTable::create).toArray(CliCommand[]::new);
        return new GlobalOptions().with(commands);
    }
}
