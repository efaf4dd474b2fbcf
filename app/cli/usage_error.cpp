// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/usage_error.h"

#include "base/text.h"
#include "cli/help_request.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace tiphys::cli {

namespace {

/// How far the words of a command line lead into the commands.
struct Reached
{
    const CLI::App *app;
    std::string words;   ///< "app sync"; "" at the root
    std::string unknown; ///< the word after them, where commands follow
};

Reached reachedBy(const CLI::App &root, const std::vector<std::string> &arguments)
{
    Reached reached{&root, {}, {}};
    for (const std::string &argument : arguments) {
        if (reached.app->get_subcommands({}).empty())
            break;
        if (argument.starts_with('-'))
            continue;
        const auto subs = reached.app->get_subcommands({});
        const auto next =
            std::ranges::find_if(subs, [&argument](const CLI::App *sub) { return sub->check_name(argument); });
        if (next == subs.end()) {
            reached.unknown = argument;
            break;
        }
        reached.app = *next;
        reached.words += (reached.words.empty() ? "" : " ") + (*next)->get_name();
    }
    return reached;
}

/// Changes of single characters, and exchanges of two neighbours, that make \p b of \p a.
std::size_t distanceOf(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> rows(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = i + j;
                continue;
            }
            const std::size_t changed = rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a.size()][b.size()];
}

/// "; did you mean 'sync'?", or "" where nothing resembles \p word.
std::string suggestion(std::string_view word, const std::vector<std::string> &known)
{
    if (word.size() > 64)
        return {};
    std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string found;
    for (const std::string &each : known) {
        const std::size_t distance = each.starts_with(word) ? 0 : distanceOf(word, each);
        if (distance < best) {
            best = distance;
            found = each;
        }
    }
    return found.empty() ? "" : "; did you mean '" + found + "'?";
}

std::vector<std::string> commandsOf(const CLI::App &app)
{
    std::vector<std::string> names;
    for (const CLI::App *sub : app.get_subcommands({})) {
        if (!sub->get_group().empty())
            names.push_back(sub->get_name());
    }
    return names;
}

std::vector<std::string> flagsOf(const CLI::App &app)
{
    std::vector<std::string> names;
    for (const CLI::Option *option : app.get_options()) {
        for (const std::string &name : option->get_lnames())
            names.push_back("--" + name);
    }
    return names;
}

/// What other programs call a command of ours; "" where they have no such word.
std::string_view ownWordOf(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kWords{{{"ls", "list"},
                                                                                    {"rm", "delete"},
                                                                                    {"show", "get"},
                                                                                    {"describe", "get"},
                                                                                    {"applications", "app"},
                                                                                    {"ro", "rollout"},
                                                                                    {"context", "cluster"},
                                                                                    {"contexts", "cluster"},
                                                                                    {"template", "render"},
                                                                                    {"build", "render"}}};
    const auto found = std::ranges::find(kWords, word, &std::pair<std::string_view, std::string_view>::first);
    return found == kWords.end() ? std::string_view() : found->second;
}

/// "; did you mean 'app get' or 'rollout get'?" where \p word is a command of groups, as it is the first word for users of
/// kubectl; "" where it is none.
std::string suggestedInGroups(const CLI::App &root, std::string_view word)
{
    std::vector<std::string> found;
    for (const CLI::App *group : root.get_subcommands({})) {
        for (const std::string &command : commandsOf(*group)) {
            if (command == word || command == ownWordOf(word))
                found.push_back("'" + group->get_name() + " " + command + "'");
        }
    }
    return found.empty() ? std::string() : "; did you mean " + alternatives(found) + "?";
}

std::string suggestedCommand(const Reached &reached, const std::vector<std::string> &commands)
{
    if (const std::string own(ownWordOf(reached.unknown)); std::ranges::contains(commands, own))
        return "; did you mean '" + own + "'?";
    if (reached.words.empty()) {
        if (std::string text = suggestedInGroups(*reached.app, reached.unknown); !text.empty())
            return text;
    }
    return suggestion(reached.unknown, commands);
}

std::string commandProblem(const Reached &reached)
{
    const std::vector<std::string> commands = commandsOf(*reached.app);
    if (reached.unknown.empty())
        return reached.words + " needs a command: " + alternatives(commands);
    const std::string subject = reached.words.empty() ? "there is no command" : reached.words + " has no command";
    return subject + " '" + reached.unknown + "'" + suggestedCommand(reached, commands);
}

/// An option as people write it: "--timeout", or for an argument "NAME".
std::string shownName(const CLI::App &app, const std::string &name)
{
    const CLI::Option *option = app.get_option_no_throw(name);
    return option && !option->nonpositional() && !option->get_option_text().empty() ? option->get_option_text() : name;
}

std::string_view between(std::string_view text, std::string_view start, std::string_view end)
{
    const auto from = text.find(start);
    if (from == std::string_view::npos)
        return {};
    const std::string_view rest = text.substr(from + start.size());
    return rest.substr(0, rest.find(end));
}

std::string valueProblem(const CLI::App &app, const std::string &text)
{
    const auto colon = text.find(": ");
    if (colon == std::string::npos)
        return text;
    const std::string name = shownName(app, text.substr(0, colon));
    const std::string rest = text.substr(colon + 2);
    if (rest.starts_with("takes "))
        return name + " " + rest;
    if (const auto list = rest.find(" not in {"); list != std::string::npos) {
        std::vector<std::string> words;
        for (const auto &word : split(between(rest, " not in {", "}"), ','))
            words.emplace_back(word);
        return name + " takes " + alternatives(words) + ", not '" + rest.substr(0, list) + "'";
    }
    if (rest.starts_with("Value ") && rest.contains(" not in range ["))
        return name + " takes a number from " + std::string(between(rest, "[", " - ")) + " to "
               + std::string(between(rest, " - ", "]")) + ", not '"
               + std::string(between(rest, "Value ", " not in range")) + "'";
    return name + ": " + rest;
}

std::string conversionProblem(const CLI::App &app, const std::string &text)
{
    const std::string name(between(text, "Could not convert: ", " = "));
    const auto equal = text.find(" = ");
    if (name.empty() || equal == std::string::npos)
        return text;
    const CLI::Option *option = app.get_option_no_throw(name);
    const std::string type = option ? option->get_type_name() : "";
    const bool isSwitch = type.contains("BOOL") || (option && option->get_items_expected_min() == 0);
    const std::string_view wanted = type.contains("FLOAT") ? "a number"
                                    : type.contains("INT") ? "a whole number"
                                    : isSwitch             ? "true or false"
                                                           : "another value";
    return shownName(app, name) + " takes " + std::string(wanted) + ", not '" + text.substr(equal + 3) + "'";
}

std::string extraProblem(const Reached &reached, const std::string &text)
{
    std::string word(between(text, "not expected: ", " "));
    // A flag explains the words beside it.
    if (const auto flag = text.find(" -"); flag != std::string::npos)
        word = text.substr(flag + 1, text.find(' ', flag + 1) - flag - 1);
    if (word.starts_with('-') && word != "-") {
        const std::string flag = word.substr(0, word.find('='));
        return (reached.words.empty() ? "tiphysctl" : reached.words) + " does not take " + flag
               + suggestion(flag, flagsOf(*reached.app));
    }
    return (reached.words.empty() ? "tiphysctl" : reached.words) + " takes no further argument '" + word + "'";
}

std::string problemOf(const Reached &reached, const CLI::ParseError &error)
{
    const std::string text = error.what();
    const bool isExtra = dynamic_cast<const CLI::ExtrasError *>(&error);
    const bool isMissing = dynamic_cast<const CLI::RequiredError *>(&error);
    if (!reached.unknown.empty() || (isMissing && text.starts_with("A subcommand")))
        return commandProblem(reached);
    if (isExtra)
        return extraProblem(reached, text);
    if (isMissing && text.ends_with(" is required"))
        return reached.words + " needs "
               + shownName(*reached.app, text.substr(0, text.size() - std::string_view(" is required").size()));
    if (dynamic_cast<const CLI::ConversionError *>(&error))
        return conversionProblem(*reached.app, text);
    if (dynamic_cast<const CLI::ValidationError *>(&error))
        return valueProblem(*reached.app, text);
    if (dynamic_cast<const CLI::ArgumentMismatch *>(&error) && text.ends_with(" missing") && text.contains(": "))
        return shownName(*reached.app, text.substr(0, text.find(": "))) + " needs a value";
    if (dynamic_cast<const CLI::ArgumentMismatch *>(&error) && text.contains(": At Most 1 required"))
        return shownName(*reached.app, text.substr(0, text.find(": "))) + " is given more than once";
    return text;
}

/// True for flags that stand for the whole program.
bool isOfProgram(std::string_view name)
{
    return name == "-q" || name == "--quiet" || name == "-h" || name == "--help" || name == "--version";
}

/// True for flags that every command with a cluster or a format has.
bool isShared(std::string_view name)
{
    constexpr std::array<std::string_view, 10> kShared = {
        "--kubeconfig", "--context", "-n",         "--namespace", "--app-namespace",
        "-N",           "--as",      "--as-group", "-o",          "--output"};
    return std::ranges::contains(kShared, name);
}

} // namespace

std::string alternatives(const std::vector<std::string> &words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return text;
}

std::string usageError(const CLI::App &root, const CLI::ParseError &error, const std::vector<std::string> &arguments)
{
    return usageError(root, problemOf(reachedBy(root, arguments), error), arguments);
}

std::string usageError(const CLI::App &root, const std::string &problem, const std::vector<std::string> &arguments)
{
    const Reached reached = reachedBy(root, arguments);
    const std::string path = reached.words.empty() ? "tiphysctl" : "tiphysctl " + reached.words;
    return "error: " + problem + "\n" + path + " --help tells what there is\n";
}

std::string unknownHelpError(const CLI::App &root, const std::vector<std::string> &arguments)
{
    // A word behind a flag may be its value.
    const auto flag = std::ranges::find_if(arguments, [](const std::string &each) { return each.starts_with('-'); });
    const Reached reached = reachedBy(root, {arguments.begin(), flag});
    return reached.unknown.empty() ? std::string() : usageError(root, commandProblem(reached), arguments);
}

std::vector<std::string> withHelpAsFlag(std::vector<std::string> arguments)
{
    const auto isWord = [](const std::string &argument) { return !argument.starts_with('-'); };
    const auto end = std::ranges::find(arguments, "--");
    const auto first = std::find_if(arguments.begin(), end, isWord);
    if (first == end)
        return arguments;
    // Whatever stands behind it: a format, or which versions are meant.
    if (*first == "version") {
        *first = "--version";
        return arguments;
    }
    // Of groups too; behind other commands it may be a name.
    constexpr std::array<std::string_view, 7> kGroups{"app",    "rollout", "analysis", "experiment",
                                                      "engine", "cluster", "admin"};
    const auto second = std::find_if(first + 1, end, isWord);
    const bool isOfGroup = std::ranges::contains(kGroups, *first) && second != end && *second == "help";
    if (*first != "help" && !isOfGroup)
        return arguments;
    // These explain themselves.
    const bool isOfItself = *first == "help" && second != end && (*second == "help" || *second == "version");
    if (isOfItself)
        arguments.erase(second);
    arguments.erase(isOfGroup ? second : first);
    arguments.emplace_back("--help");
    return arguments;
}

std::vector<std::string> withEmptyValuesApart(std::vector<std::string> arguments)
{
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        if (!arguments[i].starts_with("--") || arguments[i].find('=') + 1 != arguments[i].size())
            continue;
        arguments[i].pop_back();
        arguments.insert(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::string());
    }
    return arguments;
}

std::vector<std::string> withSharedFlagsBehindCommand(std::vector<std::string> arguments)
{
    // The second word may be a command of a group; where it is an argument, flags behind it mean the same.
    constexpr int kMostWords = 2;
    std::vector<std::string> kept;
    std::vector<std::string> moved;
    std::size_t at = 0;
    for (int words = 0; at < arguments.size() && words < kMostWords && arguments[at] != "--"; ++at) {
        const std::string &argument = arguments[at];
        if (!argument.starts_with('-') || isOfProgram(argument)) {
            words += argument.starts_with('-') ? 0 : 1;
            kept.push_back(argument);
            continue;
        }
        const bool isJoined = !argument.starts_with("--") && argument.size() > 2;
        const auto equal = argument.find('=');
        const std::string name = isJoined ? argument.substr(0, 2) : argument.substr(0, equal);
        if (!isShared(name))
            break;
        const bool hasValue = isJoined || equal != std::string::npos;
        // Behind `app logs` and `app actions` --namespace is a filter of objects.
        const bool isNamespace = name == "--namespace";
        moved.push_back(!isNamespace ? argument : "-n");
        if (isNamespace && hasValue)
            moved.push_back(argument.substr(equal + 1));
        if (!hasValue && at + 1 < arguments.size())
            moved.push_back(arguments[++at]);
    }
    // Without a command there is nothing to go behind.
    if (kept.empty())
        return arguments;
    kept.insert(kept.end(), moved.begin(), moved.end());
    kept.insert(kept.end(), arguments.begin() + static_cast<std::ptrdiff_t>(at), arguments.end());
    return kept;
}

} // namespace tiphys::cli
