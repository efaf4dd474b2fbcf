// SPDX-License-Identifier: GPL-3.0-or-later
// docs/health.md is written from the tables. TIPHYS_WRITE_DOCS=1 writes it anew.
#include "health/checks.h"
#include "health/kind_table.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <tuple>

#include <gtest/gtest.h>

namespace tiphys::health {
namespace {

struct Row
{
    std::string group;
    std::string kind;
    std::string words;
};

std::string rowsText(const std::vector<Row> &rows)
{
    std::string text = "| group | kind | rule |\n|---|---|---|\n";
    for (const Row &row : rows) {
        std::string words;
        for (const char c : row.words) {
            if (c == '|')
                words += '\\';
            words += c == '\n' ? ' ' : c;
        }
        text += "| " + (row.group.empty() ? "(core)" : row.group) + " | " + row.kind + " | " + words + " |\n";
    }
    return text;
}

std::string document()
{
    std::vector<Row> typed;
    for (const TypedCheck &check : typedChecks())
        typed.push_back({std::string(check.group), std::string(check.kind), std::string(check.words)});
    std::ranges::sort(typed, {}, [](const Row &row) { return std::tie(row.group, row.kind); });
    std::vector<Row> kinds;
    std::vector<Row> families;
    for (const kinds::KindRule *rule : kinds::allRules()) {
        std::vector<Row> &rows = rule->kind == "*" ? families : kinds;
        rows.push_back({std::string(rule->group), std::string(rule->kind), kinds::wordsOf(*rule)});
    }
    return "<!-- Written from engine/health by tiphys_health_test; TIPHYS_WRITE_DOCS=1 writes it anew. -->\n"
           "# Health of every kind\n\n"
           "What Tiphys says about an object of a kind, with the same status and the same message as Argo CD 3.5. An\n"
           "object that is being deleted is **Progressing** (\"Pending deletion\"); a script of argocd-cm for its "
           "kind\n"
           "decides before the rules below. A kind that is not here has no health: it is not counted, and a wave does "
           "not\n"
           "wait for it.\n\n"
           "Rules read fields as scripts do: where a field is not what the rule needs (a number where a list should "
           "be,\n"
           "nothing where text is joined) the health is **Unknown** and the message says what failed. A message that "
           "is no\n"
           "text leaves the object without status. Conditions are read in their order and the first that decides "
           "wins,\n"
           "unless the rule says otherwise; where nothing matches, a rule that does not name another status is\n"
           "**Progressing**.\n\n"
           "## Kinds of Kubernetes\n\n"
           + rowsText(typed) + "\n## Kinds of others\n\n" + rowsText(kinds)
           + "\n## Families of groups\n\nAsked in this order for kinds without a rule of their own.\n\n"
           + rowsText(families);
}

TEST(HealthDocument, IsWhatTheTablesSay)
{
    const std::string path = TIPHYS_SOURCE_DIR "/docs/health.md";
    if (std::getenv("TIPHYS_WRITE_DOCS"))
        std::ofstream(path, std::ios::binary) << document();
    std::ifstream file(path, std::ios::binary);
    const std::string stored(std::istreambuf_iterator<char>(file), {});
    EXPECT_TRUE(stored == document()) << "docs/health.md is stale: run tiphys_health_test with TIPHYS_WRITE_DOCS=1";
}

} // namespace
} // namespace tiphys::health
