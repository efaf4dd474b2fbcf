// SPDX-License-Identifier: GPL-3.0-or-later
// Compares our YAML with sigs.k8s.io/yaml on thousands of mutated documents.
// Arguments: how many documents, the seed, and a file to record golden answers into; all may be left out.
#include "fidelity/goyaml.h"
#include "fidelity/yaml_mutator.h"
#include "fidelity/yaml_seeds.h"
#include "object/json.h"
#include "object/yaml.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

using namespace tiphys;
using namespace tiphys::fidelity;
using namespace tiphys::object;

namespace {

/// What Go says about maps depends on their random order: such messages are compared up to it.
std::string comparable(std::string text)
{
    for (const std::string_view start :
         {"yaml: invalid map key: ", "unsupported map key of type: ", "json: unsupported value: "}) {
        if (text.starts_with(start))
            text.resize(start.size());
    }
    // Bytes that are no UTF-8 are U+FFFD in both, escaped in Go's text.
    for (std::size_t at = 0; (at = text.find("\\ufffd", at)) != std::string::npos;)
        text.replace(at, 6, "\xEF\xBF\xBD");
    return text;
}

GoYamlAnswer ours(const GoYamlRequest &request)
{
    if (request.kind == 'y') {
        const Expected<Value> value = parseJson(request.text);
        const Expected<std::string> yaml = value ? marshalYaml(*value) : std::unexpected(value.error());
        return {yaml.has_value(), yaml ? *yaml : yaml.error().text()};
    }
    const YamlOptions options{request.kind == 's' ? DuplicateKeys::Refused : DuplicateKeys::LastWins};
    const Expected<Value> value = parseYaml(request.text, options);
    return {value.has_value(), value ? toJson(*value, {.escapesHtml = true}) : value.error().text()};
}

/// True if two keys of one map become the same text: which of them Go keeps is chance.
bool hasChance(const GoYamlAnswer &ours, const GoYamlAnswer &theirs, const GoYamlRequest &request)
{
    if (!ours.ok || !theirs.ok || request.kind == 'y')
        return false;
    const Expected<Value> a = parseJson(ours.text);
    const Expected<Value> b = parseJson(theirs.text);
    const Expected<Value> strict = parseYaml(request.text, {DuplicateKeys::Refused});
    const auto keysOf = [](const Value &value, auto &&self) -> std::string {
        std::string keys;
        for (const auto &[key, held] : value.sortedEntries())
            keys += std::string(key) + "\n" + self(held, self);
        for (const Value &item : value.items())
            keys += self(item, self);
        return keys;
    };
    return a && b && !strict && keysOf(*a, keysOf) == keysOf(*b, keysOf);
}

/// Writes some hundred cases with Go's answers for tests that have no Go: all messages, and documents of each size.
void record(const std::string &path, const std::vector<GoYamlRequest> &requests,
            const std::vector<GoYamlAnswer> &answers, const std::string &program,
            const std::filesystem::path &directory)
{
    std::map<std::string, int> seen;
    std::ofstream file(path, std::ios::binary);
    std::size_t written = 0;
    for (std::size_t i = 0; i < requests.size() && written < 420; ++i) {
        const GoYamlRequest &request = requests[i];
        const bool isTwisted = comparable(answers[i].text) != answers[i].text;
        if (request.kind == 'y' || isTwisted || request.text.size() > 400 || !ours(request).ok != !answers[i].ok
            || toJson(Value(request.text)).find("\\ufffd") != std::string::npos)
            continue;
        const std::string group = answers[i].ok ? "ok" : answers[i].text.substr(answers[i].text.rfind(':') + 1);
        const int limit = answers[i].ok ? 250 : 4;
        if (seen[group]++ >= limit)
            continue;
        std::vector<std::pair<std::string, Value>> row{{"text", Value(request.text)}};
        if (request.kind == 's')
            row.emplace_back("strict", Value(true));
        if (answers[i].ok) {
            const GoYamlAnswer yaml = askGoYaml(program, {{'y', answers[i].text}}, directory).front();
            row.emplace_back("answer", *parseJson(answers[i].text));
            if (yaml.ok)
                row.emplace_back("yaml", Value(yaml.text));
        } else {
            row.emplace_back("error", Value(answers[i].text));
        }
        file << toJson(Value::map(row), {.order = KeyOrder::Kept}) << '\n';
        ++written;
    }
}

} // namespace

int main(int argc, char **argv)
{
    const std::string program = goYamlProgram();
    if (program.empty()) {
        std::puts("skipped: the goyaml oracle is not built (./dev oracles goyaml)");
        return 77;
    }
    const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 20'000;
    const std::uint64_t seed = argc > 2 ? std::stoul(argv[2]) : 1;
    const std::vector<std::string> texts = fidelity::yamlSeeds();
    YamlMutator mutator(seed);
    std::vector<GoYamlRequest> requests;
    for (const std::string &text : texts)
        requests.push_back({'j', text});
    while (requests.size() < count) {
        std::string text = mutator.mutated(texts);
        // After two byte order marks go-yaml drops the first character of lines, until its buffer moves on.
        if (!text.starts_with("\xEF\xBB\xBF\xEF\xBB\xBF"))
            requests.push_back({requests.size() % 8 == 0 ? 's' : 'j', std::move(text)});
    }
    // What can be read is also written.
    std::vector<GoYamlRequest> writes;
    for (const GoYamlRequest &request : requests) {
        if (const Expected<Value> value = parseYaml(request.text); value && writes.size() * 2 < count)
            writes.push_back({'y', toJson(*value)});
    }
    std::ranges::copy(writes, std::back_inserter(requests));

    const std::filesystem::path directory =
        std::filesystem::temp_directory_path() / ("tiphys-yaml-" + std::to_string(seed));
    std::filesystem::create_directories(directory);
    const std::vector<GoYamlAnswer> answers = askGoYaml(program, requests, directory);
    if (argc > 3)
        record(argv[3], requests, answers, program, directory);
    std::filesystem::remove_all(directory);
    std::size_t differences = 0;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        const GoYamlAnswer mine = ours(requests[i]);
        if (mine.ok == answers[i].ok && comparable(mine.text) == comparable(answers[i].text))
            continue;
        if (hasChance(mine, answers[i], requests[i]))
            continue;
        if (++differences <= 20) {
            std::printf("== %zu (%c) ==\n%s\n-- Go: %c %s\n-- ours: %c %s\n", i, requests[i].kind,
                        toJson(Value(requests[i].text)).c_str(), answers[i].ok ? '+' : '-', answers[i].text.c_str(),
                        mine.ok ? '+' : '-', mine.text.c_str());
        }
    }
    std::printf("%zu documents compared (%zu of them written), %zu differences\n", requests.size(), writes.size(),
                differences);
    return differences == 0 ? 0 : 1;
}
