// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command_line_docs.h"

#include <CLI/CLI.hpp>

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

std::string bashCompletion(const std::vector<Leaf> &leaves)
{
    std::string script = "# bash completion for tiphysctl\n_tiphysctl() {\n"
                         "    local current=${COMP_WORDS[COMP_CWORD]} path='' word\n"
                         "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                         "        case $word in -*) ;; *) path=\"$path $word\" ;; esac\n    done\n"
                         "    path=${path# }\n    local words=''\n    case $path in\n";
    for (auto leaf = leaves.rbegin(); leaf != leaves.rend(); ++leaf) {
        const std::string pattern = leaf->words.empty() ? "*" : "'" + leaf->words + "'*";
        script += "        " + pattern + ") words='" + wordsAfter(*leaf) + "' ;;\n";
    }
    return script
           + "    esac\n    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
             "    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n}\n"
             "complete -F _tiphysctl tiphysctl\n";
}

std::string zshCompletion(const std::vector<Leaf> &leaves)
{
    return "#compdef tiphysctl\nautoload -U +X bashcompinit && bashcompinit\n" + bashCompletion(leaves);
}

std::string fishCompletion(const std::vector<Leaf> &leaves)
{
    std::string script = "# fish completion for tiphysctl\n";
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
                script += "complete -c tiphysctl -n '" + condition + "' -a " + sub->get_name() + " -d '"
                          + sub->get_description() + "'\n";
        }
        for (const CLI::Option *option : leaf.app->get_options()) {
            for (const std::string &name : option->get_lnames())
                script += "complete -c tiphysctl -n '" + condition + "' -l " + name + "\n";
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
