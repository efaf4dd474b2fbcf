// SPDX-License-Identifier: GPL-3.0-or-later
// Compares our rules of kinds with the health scripts of a checkout: all of its own cases, and thousands of mutations
// of them as the scripts' interpreter answers.
//
// TIPHYS_HEALTH_SCRIPTS names the checkout's resource_customizations; TIPHYS_KINDS_SEED and TIPHYS_KINDS_EACH change
// the mutations. Where a script fails its line number is left out of the comparison.
#include "base/text.h"
#include "fidelity/health_oracle.h"
#include "fidelity/object_mutator.h"
#include "health/health.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tiphys;
using namespace tiphys::fidelity;

namespace {

constexpr int kSkipped = 77;
constexpr std::size_t kShown = 25;
constexpr std::size_t kAttempts = 60;

std::size_t numberFrom(const char *variable, std::size_t fallback)
{
    const char *text = std::getenv(variable);
    return text ? std::strtoul(text, nullptr, 10) : fallback;
}

std::string contentOf(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Our answer in the oracle's form.
object::Value ours(const object::Object &object)
{
    const std::optional<health::Health> health = health::builtinHealth(object);
    if (!health)
        return {};
    std::vector<std::pair<std::string, object::Value>> members{{"status", text(health->status)},
                                                               {"message", health->message}};
    if (health->hasFailed)
        members.emplace_back("failed", true);
    return object::Value::map(members);
}

/// \p answer without the place of a failure ("<string>:12: ").
object::Value withoutPlace(const object::Value &answer)
{
    const std::string_view message = answer["message"].stringOr();
    if (!answer["failed"].boolOr(false) || !message.starts_with("<string>:"))
        return answer;
    const std::size_t end = message.find(": ");
    return end == std::string_view::npos ? answer : answer.with("message", message.substr(end + 2));
}

/// The member \p key whatever the case of its letters is.
object::Value member(const object::Value &map, std::string_view key)
{
    for (const auto &[name, value] : map.entries()) {
        if (asciiLower(name) == key)
            return value;
    }
    return {};
}

struct Case
{
    std::string name;
    object::Object object;
    std::string status;
    std::string message;
};

std::vector<Case> casesBelow(const std::filesystem::path &root)
{
    std::vector<Case> cases;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().filename() != "health_test.yaml")
            continue;
        const object::Value tests =
            member(object::parseYaml(contentOf(entry.path())).value_or(object::Value()), "tests");
        for (const object::Value &test : tests.items()) {
            const std::filesystem::path input = entry.path().parent_path() / member(test, "inputpath").stringOr();
            const Expected<object::Value> object = object::parseYaml(contentOf(input));
            const object::Value wanted = member(test, "healthstatus");
            if (!object) {
                std::printf("not readable: %s\n", input.c_str());
                continue;
            }
            cases.push_back({input.string(), object::Object(*object), std::string(member(wanted, "status").stringOr()),
                             std::string(member(wanted, "message").stringOr())});
        }
    }
    return cases;
}

std::size_t differencesInCases(const std::vector<Case> &cases)
{
    std::size_t differences = 0;
    for (const Case &one : cases) {
        const object::Value answer = ours(one.object);
        if (answer["status"].stringOr() == one.status && answer["message"].stringOr() == one.message)
            continue;
        if (++differences <= kShown)
            std::printf("case differs: %s\n  ours:   %s\n  theirs: %s %s\n", one.name.c_str(),
                        object::toJson(answer).c_str(), one.status.c_str(), one.message.c_str());
    }
    return differences;
}

std::size_t differencesInMutations(const std::vector<object::Object> &objects, const std::string &program)
{
    const std::filesystem::path directory = std::filesystem::path(TIPHYS_BINARY_DIR) / "fidelity-kinds";
    std::filesystem::create_directories(directory);
    const std::vector<object::Value> answers = askHealth(program, objects, directory);
    std::size_t failures = 0;
    std::vector<object::Object> different;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        failures += answers[i]["failed"].boolOr(false) ? 1 : 0;
        if (ours(objects[i]) != withoutPlace(answers[i]))
            different.push_back(objects[i]);
    }
    std::size_t differences = 0;
    for (const object::Object &object : different) {
        // Scripts that walk a map do so in random order: ours may be any of their answers.
        const std::vector<object::Value> more =
            askHealth(program, std::vector<object::Object>(kAttempts, object), directory);
        const object::Value answer = ours(object);
        if (std::ranges::any_of(more, [&](const object::Value &one) { return withoutPlace(one) == answer; }))
            continue;
        if (++differences <= kShown)
            std::printf("differs: %s\n  ours:   %s\n  theirs: %s\n", object::toJson(object.value()).c_str(),
                        object::toJson(answer).c_str(), object::toJson(more.front()).c_str());
    }
    std::printf("%zu mutations, %zu of them failing scripts, %zu differences\n", objects.size(), failures, differences);
    return differences;
}

} // namespace

int main()
{
    const char *scripts = std::getenv("TIPHYS_HEALTH_SCRIPTS");
    const std::string program = oracleProgram("luahealth", "TIPHYS_ORACLE_LUAHEALTH");
    if (!scripts || program.empty()) {
        std::puts("skipped: TIPHYS_HEALTH_SCRIPTS is not set, or the oracle is not built (./dev oracles luahealth)");
        return kSkipped;
    }
    const std::vector<Case> cases = casesBelow(scripts);
    const std::size_t wrongCases = differencesInCases(cases);
    std::printf("%zu cases, %zu differences\n", cases.size(), wrongCases);
    ObjectMutator mutator(static_cast<unsigned>(numberFrom("TIPHYS_KINDS_SEED", 20240601)));
    std::vector<object::Object> objects;
    for (const Case &one : cases) {
        for (std::size_t i = numberFrom("TIPHYS_KINDS_EACH", 10); i > 0; --i)
            objects.emplace_back(mutator.mutated(one.object.value()));
    }
    const std::size_t wrongMutations = differencesInMutations(objects, program + "' '" + scripts);
    return wrongCases + wrongMutations == 0 && !cases.empty() ? 0 : 1;
}
