// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/groups.h"

#include "base/text.h"

#include <string>
#include <vector>

namespace tiphys::text::sprig {

namespace {

using types::kString;

/// The shortest path with the same meaning.
/// Source: golang src/path/path.go (Clean)@go1.26
std::string cleaned(std::string_view path)
{
    if (path.empty())
        return ".";
    const bool isRooted = path[0] == '/';
    std::vector<std::string_view> parts;
    for (const std::string_view part : tiphys::split(path, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part != ".." || (!isRooted && (parts.empty() || parts.back() == "..")))
            parts.push_back(part);
        else if (!parts.empty())
            parts.pop_back();
    }
    std::string joined;
    for (const std::string_view part : parts) {
        if (isRooted || !joined.empty())
            joined += '/';
        joined += part;
    }
    if (joined.empty())
        return isRooted ? "/" : ".";
    return joined;
}

std::string baseOf(std::string_view path)
{
    if (path.empty())
        return ".";
    while (path.ends_with('/'))
        path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos)
        path.remove_prefix(slash + 1);
    return path.empty() ? "/" : std::string(path);
}

std::string folderOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return cleaned(path.substr(0, slash == std::string_view::npos ? 0 : slash + 1));
}

std::string extensionOf(std::string_view path)
{
    const std::size_t mark = path.find_last_of("./");
    return mark == std::string_view::npos || path[mark] == '/' ? std::string() : std::string(path.substr(mark));
}

void addOne(FunctionTable &table, const std::string &name, const std::string &osName,
            std::string (*function)(std::string_view))
{
    const auto call = [function](Arguments args, CallContext &) { return textResult(function(args[0].text())); };
    table.add(name, {&kString}, call);
    table.add(osName, {&kString}, call);
}

} // namespace

void addPathFunctions(FunctionTable &table)
{
    // Go's package path and, as on Linux, its path/filepath.
    addOne(table, "base", "osBase", baseOf);
    addOne(table, "dir", "osDir", folderOf);
    addOne(table, "clean", "osClean", cleaned);
    addOne(table, "ext", "osExt", extensionOf);
    for (const char *const name : {"isAbs", "osIsAbs"}) {
        table.add(name, {&kString}, [](Arguments args, CallContext &) -> CallResult {
            return TemplateValue::boolean(args[0].text().starts_with('/'));
        });
    }
}

} // namespace tiphys::text::sprig
