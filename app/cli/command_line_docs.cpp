// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line_docs.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <vector>

namespace tiphys::cli {

namespace {

/// One command with the words that lead to it ("app sync").
struct Leaf
{
    std::string words;
    const CLI::App *app;
};

void collect(const CLI::App &app, const std::string &words, std::vector<Leaf> &leaves)
{
    leaves.push_back({words, &app});
    for (const CLI::App *sub : app.get_subcommands({})) {
        if (!sub->get_group().empty())
            collect(*sub, words.empty() ? sub->get_name() : words + " " + sub->get_name(), leaves);
    }
}

std::vector<std::string> flagsOf(const CLI::App &app)
{
    std::vector<std::string> flags;
    for (const CLI::Option *option : app.get_options()) {
        for (const std::string &name : option->get_lnames())
            flags.push_back("--" + name);
        for (const std::string &name : option->get_snames())
            flags.push_back("-" + name);
    }
    return flags;
}

std::string wordsAfter(const Leaf &leaf)
{
    std::string words;
    for (const CLI::App *sub : leaf.app->get_subcommands({})) {
        if (!sub->get_group().empty())
            words += (words.empty() ? "" : " ") + sub->get_name();
    }
    for (const std::string &flag : flagsOf(*leaf.app))
        words += (words.empty() ? "" : " ") + flag;
    return words;
}

/// Names of the options of \p app that take a value, between spaces; of those only that \p takes.
std::string valuedFlags(const CLI::App &app, bool (*takes)(const CLI::Option &))
{
    std::string names = " ";
    for (const CLI::Option *option : app.get_options()) {
        if (option->get_items_expected_max() == 0 || !takes(*option))
            continue;
        for (const std::string &name : option->get_lnames())
            names += "--" + name + " ";
        for (const std::string &name : option->get_snames())
            names += "-" + name + " ";
    }
    return names;
}

bool takesAnything(const CLI::Option &)
{
    return true;
}

bool takesFile(const CLI::Option &option)
{
    const std::string &shown = option.get_option_text();
    return shown == "FILE" || shown == "REPO" || shown == "PATH";
}

/// The words that --output knows: "text json yaml"; "" without that option.
std::string formatsOf(const CLI::App &app)
{
    const CLI::Option *output = app.get_option_no_throw("--output");
    std::string words = output ? output->get_description() : "";
    words = words.substr(std::min(words.size(), words.find(": ") + 2));
    std::ranges::replace(words, '|', ' ');
    return words;
}

/// Contexts by the names that stand in the files of $KUBECONFIG; nothing is started for it.
constexpr const char *kContexts =
    "_tiphysctl_contexts() {\n"
    "    local IFS=: file\n"
    "    for file in ${KUBECONFIG:-$HOME/.kube/config}; do\n"
    "        sed -n '/^contexts:/,/^[a-z]/s/^[- ]*name: *//p' \"$file\" 2>/dev/null\n    done\n}\n";

std::string bashCompletion(const std::vector<Leaf> &leaves)
{
    std::string script =
        "# bash completion for tiphysctl\n" + std::string(kContexts)
        + "_tiphysctl() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} path='' word skips=''\n"
          "    if [ \"$current\" = '=' ]; then current=''\n"
          "    elif [ \"$before\" = '=' ]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
          "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "        if [ -n \"$skips\" ]; then skips=''; continue; fi\n"
          "        case $word in --context|--kubeconfig|--as|--as-group|-n|-N|--namespace|--app-namespace|-o|--output) "
          "skips=1 ;;\n"
          "        -*|=) ;; *) path=\"$path $word\" ;; esac\n    done\n"
          "    path=${path# }\n    local words='' valued='' files='' formats=''\n    case $path in\n";
    for (auto leaf = leaves.rbegin(); leaf != leaves.rend(); ++leaf) {
        const std::string pattern = leaf->words.empty() ? "*" : "'" + leaf->words + "'*";
        script += "        " + pattern + ") words='" + wordsAfter(*leaf) + "' valued='"
                  + valuedFlags(*leaf->app, takesAnything) + "' files='" + valuedFlags(*leaf->app, takesFile)
                  + "' formats='" + formatsOf(*leaf->app) + "' ;;\n";
    }
    return script
           + "    esac\n    COMPREPLY=()\n"
             "    if [ \"$before\" = --context ]; then mapfile -t COMPREPLY < <(compgen -W \"$(_tiphysctl_contexts)\" "
             "-- \"$current\")\n"
             "    elif [ \"$before\" = -o ] || [ \"$before\" = --output ]; then mapfile -t COMPREPLY < <(compgen -W "
             "\"$formats\" -- \"$current\")\n"
             "    elif [[ $files == *\" $before \"* ]]; then mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
             "    elif [[ $valued == *\" $before \"* ]]; then return\n"
             "    else mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
             "        [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n    fi\n}\n"
             "complete -F _tiphysctl tiphysctl\n";
}

/// What fish is told of the value of an option.
std::string fishValue(const CLI::App &app, const CLI::Option &option, const std::string &name)
{
    if (option.get_items_expected_max() == 0)
        return "";
    if (name == "context")
        return " -x -a '(__tiphysctl_contexts)'";
    if (name == "output")
        return " -x -a '" + formatsOf(app) + "'";
    return takesFile(option) ? " -r -F" : " -x";
}

std::string zshCompletion(const std::vector<Leaf> &leaves)
{
    return "#compdef tiphysctl\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(leaves);
}

/// \p text between the single quotes of fish.
std::string fishQuoted(const std::string &text)
{
    std::string quoted = "'";
    for (const char character : text) {
        if (character == '\'' || character == '\\')
            quoted += '\\';
        quoted += character;
    }
    return quoted + "'";
}

std::string fishCompletion(const std::vector<Leaf> &leaves)
{
    std::string script = "# fish completion for tiphysctl\nfunction __tiphysctl_contexts\n"
                         "    set -l files $HOME/.kube/config\n"
                         "    set -q KUBECONFIG; and set files (string split : -- $KUBECONFIG)\n"
                         "    sed -n '/^contexts:/,/^[a-z]/s/^[- ]*name: *//p' $files 2>/dev/null\nend\n";
    for (const Leaf &leaf : leaves) {
        std::string condition = leaf.words.empty() ? "__fish_use_subcommand" : "";
        for (std::size_t start = 0; start < leaf.words.size();) {
            const std::size_t end = std::min(leaf.words.find(' ', start), leaf.words.size());
            condition += (condition.empty() ? "" : "; and ") + std::string("__fish_seen_subcommand_from ")
                         + leaf.words.substr(start, end - start);
            start = end + 1;
        }
        for (const CLI::App *sub : leaf.app->get_subcommands({})) {
            if (!sub->get_group().empty())
                script += "complete -c tiphysctl -n '" + condition + "' -a " + sub->get_name() + " -d "
                          + fishQuoted(sub->get_description()) + "\n";
        }
        for (const CLI::Option *option : leaf.app->get_options()) {
            for (const std::string &name : option->get_lnames())
                script += "complete -c tiphysctl -n '" + condition + "' -l " + name
                          + fishValue(*leaf.app, *option, name) + "\n";
        }
    }
    return script;
}

std::string roff(const std::string &text)
{
    std::string escaped;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool startsLine = i == 0 || text[i - 1] == '\n';
        if (startsLine && (text[i] == '.' || text[i] == '\''))
            escaped += "\\&";
        if (text[i] == '-' || text[i] == '\\')
            escaped += '\\';
        escaped += text[i];
    }
    return escaped;
}

std::string manualPage(const CLI::App &root, const std::vector<Leaf> &leaves)
{
    std::string page = ".TH TIPHYSCTL 1\n.SH NAME\ntiphysctl \\- " + roff(root.get_description())
                       + "\n.SH SYNOPSIS\n.B tiphysctl\nCOMMAND [ARGUMENTS]\n.SH COMMANDS\n";
    for (const Leaf &leaf : leaves) {
        if (leaf.words.empty() || !leaf.app->get_subcommands({}).empty())
            continue;
        page += ".SS " + roff(leaf.words) + "\n" + roff(leaf.app->get_description()) + "\n";
        for (const CLI::Option *option : leaf.app->get_options()) {
            page += ".TP\n.B " + roff(option->get_name(option->nonpositional(), true)) + "\n"
                    + roff(option->get_description()) + "\n";
        }
        if (!leaf.app->get_footer().empty())
            page += ".PP\n.nf\n" + roff(leaf.app->get_footer()) + "\n.fi\n";
    }
    return page
           + ".SH EXIT STATUS\n0 done, 1 failed, 2 usage. For diff commands: 0 no differences, 1 differences, "
             "2 error.\n";
}

} // namespace

std::string documentationOf(const CLI::App &root, const std::string &kind)
{
    std::vector<Leaf> leaves;
    collect(root, "", leaves);
    if (kind == "bash")
        return bashCompletion(leaves);
    if (kind == "zsh")
        return zshCompletion(leaves);
    if (kind == "fish")
        return fishCompletion(leaves);
    return manualPage(root, leaves);
}

} // namespace tiphys::cli
