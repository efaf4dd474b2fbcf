// SPDX-License-Identifier: GPL-3.0-or-later
// The reader's fast way for simple documents and its full way must not differ.
#include "fidelity/yaml_mutator.h"
#include "fidelity/yaml_seeds.h"
#include "object/json.h"
#include "object/yaml_block.h"
#include "object/yaml_decoder.h"

#include <gtest/gtest.h>

#include <fstream>

using namespace tiphys;
using namespace tiphys::object;

namespace {

TEST(BlockYaml, AgreesWithTheFullReader)
{
    const std::vector<std::string> texts = fidelity::yamlSeeds();
    fidelity::YamlMutator mutator(42);
    std::size_t fast = 0;
    for (int i = 0; i < 30'000; ++i) {
        const std::string text = mutator.mutated(texts);
        const YamlOptions options{i % 4 == 0 ? DuplicateKeys::Refused : DuplicateKeys::LastWins};
        const std::optional<Value> block = detail::readBlockYaml(text, options);
        if (!block)
            continue;
        ++fast;
        const Expected<Value> full = detail::readFullYaml(text, options);
        ASSERT_TRUE(full) << toJson(Value(text)) << "\n" << full.error().text();
        ASSERT_EQ(*block, *full) << toJson(Value(text)) << "\n" << toJson(*block) << "\n" << toJson(*full);
    }
    EXPECT_GT(fast, 1'000u) << "the mutations leave too little for the fast way";
}

TEST(BlockYaml, ReadsPlainManifests)
{
    for (const std::string &text : fidelity::yamlSeeds()) {
        if (text.find("kind: Service") == std::string::npos && text.find("a schema") == std::string::npos)
            continue;
        EXPECT_TRUE(detail::readBlockYaml(text, {})) << text;
    }
}

/// Answers of sigs.k8s.io/yaml, recorded by the fidelity test: see tests/data/yaml/README.md.
TEST(ParseYaml, GivesTheRecordedAnswers)
{
    std::ifstream file(std::string(TIPHYS_TEST_DATA) + "/yaml/golden.jsonl");
    std::string line;
    std::size_t count = 0;
    while (std::getline(file, line)) {
        const Value row = parseJson(line).value();
        const std::string_view text = row["text"].stringOr();
        const YamlOptions options{row["strict"].boolOr(false) ? DuplicateKeys::Refused : DuplicateKeys::LastWins};
        const Expected<Value> value = parseYaml(text, options);
        if (const std::optional<Value> answer = row.find("answer")) {
            ASSERT_TRUE(value) << line << "\n" << value.error().text();
            EXPECT_EQ(toJson(*value), toJson(*answer)) << line;
            if (row.contains("yaml")) {
                EXPECT_EQ(toYaml(*value), row["yaml"].stringOr()) << line;
            }
        } else {
            ASSERT_FALSE(value) << line << "\n" << toJson(*value);
            EXPECT_EQ(value.error().text(), row["error"].stringOr()) << line;
        }
        ++count;
    }
    EXPECT_GE(count, 300u);
}

} // namespace
