// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/diff_report.h"

#include "base/text.h"
#include "cli/commands.h"
#include "compare/secret_mask.h"
#include "compare/text_diff.h"
#include "object/yaml.h"

#include <algorithm>

namespace tiphys::cli {

using object::Object;
using object::Value;
using offline::AppChange;
using offline::ChangeKind;
using offline::Comparison;
using offline::ResourceChange;

namespace {

std::string_view word(ChangeKind change)
{
    switch (change) {
    case ChangeKind::Changed: return "changed";
    case ChangeKind::Added: return "added";
    case ChangeKind::Removed: return "removed";
    case ChangeKind::Error: return "error";
    }
    return {};
}

char mark(ChangeKind change)
{
    switch (change) {
    case ChangeKind::Changed: return '~';
    case ChangeKind::Added: return '+';
    case ChangeKind::Removed: return '-';
    case ChangeKind::Error: return '!';
    }
    return ' ';
}

std::string patchOf(const ResourceChange &resource)
{
    const std::string name = resource.key.path();
    return objectPatch(objectTexts(resource.before, resource.after), "a/" + name, "b/" + name);
}

std::string shortened(const std::string &revision)
{
    return revision.empty() ? "working tree" : revision.substr(0, 7);
}

std::string counted(std::size_t count, const char *one, const char *many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string summaryLine(const Comparison &comparison)
{
    std::size_t resources = 0;
    for (const AppChange &app : comparison.applications)
        resources += app.resources.size();
    const std::size_t differing = comparison.applications.size();
    return std::to_string(differing) + " of "
           + counted(static_cast<std::size_t>(comparison.applicationCount), "application", "applications")
           + (differing == 1 || comparison.applicationCount == 1 ? " differs" : " differ") + ", "
           + counted(resources, "resource", "resources");
}

void printText(const Comparison &comparison, bool showsSummaryOnly)
{
    for (const AppChange &app : comparison.applications) {
        print(std::string(1, mark(app.change)) + " " + (app.ns.empty() ? "" : app.ns + "/") + app.name
              + (app.path != app.name ? "  (" + app.path + ")" : "") + "\n");
        if (!app.error.empty())
            print("    error: " + app.error + "\n");
        for (const std::string &warning : app.warnings)
            print("    warning: " + warning + "\n");
        for (const ResourceChange &resource : app.resources) {
            print("  " + std::string(1, mark(resource.change)) + " " + resource.key.text() + "\n");
            if (!showsSummaryOnly)
                print(patchOf(resource));
        }
    }
    for (const offline::OfflineProblem &problem : comparison.problems)
        print("! " + problem.file + "\n    error: " + problem.message + "\n");
    if (!comparison.unmatched.empty()) {
        print(counted(comparison.unmatched.size(), "changed file", "changed files") + " in no application:\n");
        for (const std::string &file : comparison.unmatched)
            print("  " + file + "\n");
    }
    if (!comparison.pinned.empty()) {
        print("pinned to another revision, not compared:\n");
        for (const std::string &name : comparison.pinned)
            print("  " + name + "\n");
    }
    if (!comparison.elsewhere.empty())
        print("applications of other repositories, not compared: " + join(comparison.elsewhere, ", ") + "\n");
    if (!comparison.elsewhere.empty() && comparison.applicationCount == 0)
        print("  (where they name this repository by an address that its remotes do not have: --repo-url URL)\n");
    if (!comparison.sets.empty())
        print("applications of ApplicationSets, not compared: " + join(comparison.sets, ", ") + "\n");
    print(summaryLine(comparison) + " (" + shortened(comparison.a.commit) + " .. " + shortened(comparison.b.commit)
          + ")\n");
}

Value texts(const std::vector<std::string> &list)
{
    std::vector<Value> values(list.begin(), list.end());
    return Value::list(values);
}

Value sideOf(const offline::FoundRevision &side)
{
    return Value::map({{"requested", side.requested}, {"revision", side.commit}, {"subject", side.subject}});
}

Value resourceValue(const ResourceChange &resource)
{
    return Value::map({{"group", resource.key.group},
                       {"kind", resource.key.kind},
                       {"namespace", resource.key.ns},
                       {"name", resource.key.name},
                       {"change", word(resource.change)},
                       {"patch", patchOf(resource)}});
}

void printStructured(const Comparison &comparison, Output output)
{
    std::vector<Value> applications;
    std::int64_t changed = 0;
    std::int64_t added = 0;
    std::int64_t removed = 0;
    for (const AppChange &app : comparison.applications) {
        changed += app.change == ChangeKind::Changed;
        added += app.change == ChangeKind::Added;
        removed += app.change == ChangeKind::Removed;
        std::vector<Value> resources;
        for (const ResourceChange &resource : app.resources)
            resources.push_back(resourceValue(resource));
        applications.push_back(Value::map({{"name", app.name},
                                           {"namespace", app.ns},
                                           {"path", app.path},
                                           {"change", word(app.change)},
                                           {"error", app.error},
                                           {"warnings", texts(app.warnings)},
                                           {"resources", Value::list(resources)}}));
    }
    std::vector<Value> problems;
    for (const offline::OfflineProblem &problem : comparison.problems)
        problems.push_back(Value::map({{"file", problem.file}, {"message", problem.message}}));
    const Value report = Value::map({{"a", sideOf(comparison.a)},
                                     {"b", sideOf(comparison.b)},
                                     {"summary", Value::map({{"applications", comparison.applicationCount},
                                                             {"changed", changed},
                                                             {"added", added},
                                                             {"removed", removed},
                                                             {"errors", comparison.errorCount()},
                                                             {"unmatched", texts(comparison.unmatched)}})},
                                     {"applications", Value::list(applications)},
                                     {"problems", Value::list(problems)},
                                     {"pinned", texts(comparison.pinned)},
                                     {"elsewhere", texts(comparison.elsewhere)},
                                     {"applicationSets", texts(comparison.sets)}});
    printValue(report, output);
}

/// Longer than any row of backticks in \p text, so that a block with it stays whole.
std::string fenceFor(std::string_view text)
{
    std::string fence = "```";
    while (text.contains(fence))
        fence += '`';
    return fence;
}

void printMarkdown(const Comparison &comparison, bool showsSummaryOnly)
{
    print("### " + summaryLine(comparison) + "\n\n`" + shortened(comparison.a.commit) + "` → `"
          + shortened(comparison.b.commit) + "`\n");
    for (const AppChange &app : comparison.applications) {
        print("\n#### " + (app.ns.empty() ? "" : app.ns + "/") + app.name + " (" + std::string(word(app.change))
              + ")\n\n");
        if (!app.error.empty())
            print("> " + app.error + "\n");
        for (const std::string &warning : app.warnings)
            print("> warning: " + warning + "\n\n");
        for (const ResourceChange &resource : app.resources) {
            if (showsSummaryOnly) {
                print("- " + std::string(word(resource.change)) + " " + resource.key.text() + "\n");
                continue;
            }
            const std::string patch = patchOf(resource);
            const std::string fence = fenceFor(patch);
            print("<details><summary>" + std::string(word(resource.change)) + " " + resource.key.text()
                  + "</summary>\n\n" + fence + "diff\n" + patch + fence + "\n\n</details>\n");
        }
    }
    for (const offline::OfflineProblem &problem : comparison.problems)
        print("\n> `" + problem.file + "`: " + problem.message + "\n");
    if (!comparison.unmatched.empty()) {
        print("\n" + counted(comparison.unmatched.size(), "changed file", "changed files") + " in no application:\n\n");
        for (const std::string &file : comparison.unmatched)
            print("- `" + file + "`\n");
    }
    if (!comparison.pinned.empty())
        print("\nPinned to another revision, not compared: " + join(comparison.pinned, ", ") + "\n");
    if (!comparison.elsewhere.empty())
        print("\nApplications of other repositories, not compared: " + join(comparison.elsewhere, ", ") + "\n");
    if (!comparison.sets.empty())
        print("\nApplications of ApplicationSets, not compared: " + join(comparison.sets, ", ") + "\n");
}

} // namespace

ObjectTexts objectTexts(const Object &before, const Object &after, const std::vector<std::string> &maskedAnnotations)
{
    const bool isSecret = compare::isSecret(before) || compare::isSecret(after);
    const compare::MaskedPair masked =
        isSecret ? compare::maskedSecrets(after, before, maskedAnnotations) : compare::MaskedPair{after, before};
    return {before.isNull() ? "" : object::toYaml(masked.live.value()),
            after.isNull() ? "" : object::toYaml(masked.target.value())};
}

std::string objectPatch(const ObjectTexts &texts, const std::string &nameBefore, const std::string &nameAfter)
{
    const std::string lines = compare::unifiedDiff(texts.before, texts.after, 3);
    return "--- " + (texts.before.empty() ? "/dev/null" : nameBefore) + "\n+++ "
           + (texts.after.empty() ? "/dev/null" : nameAfter) + "\n" + lines;
}

void printReport(const Comparison &comparison, const Invocation &invocation)
{
    switch (invocation.output) {
    case Output::Json:
    case Output::Yaml: return printStructured(comparison, invocation.output);
    case Output::Markdown: return printMarkdown(comparison, invocation.diff.showsSummaryOnly);
    case Output::Name:
    case Output::Tree:
    case Output::DetailedTree:
    case Output::Text: return printText(comparison, invocation.diff.showsSummaryOnly);
    }
}

} // namespace tiphys::cli
