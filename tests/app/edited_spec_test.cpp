// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/edited_spec.h"

#include "object/yaml.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::cli;

TEST(EditedSpec, IsWhatTheTextSays)
{
    const object::Value spec =
        object::parseYaml("{project: web, source: {repoURL: r, helm: {values: \"# no comment\\na: 1\\n\"}}}").value();
    const std::string text = specText(spec, "argocd/shop");
    EXPECT_TRUE(text.starts_with("# The spec of application argocd/shop.\n"));
    const Expected<object::Value> read = editedSpec(text);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, spec);
}

TEST(EditedSpec, AProblemStandsInTheHeadOnce)
{
    const std::string first = withProblem("# head\na: 1\n", "one\ntwo");
    EXPECT_EQ(first, "# error: one\n#        two\n# head\na: 1\n");
    EXPECT_EQ(withProblem(first, "three"), "# error: three\n# head\na: 1\n");
    EXPECT_EQ(withProblem("a: 1\n# error: of the user", "x"), "# error: x\na: 1\n# error: of the user");
}

TEST(EditedSpec, KnowsWhatIsNoSpec)
{
    EXPECT_TRUE(isEmptySpec(""));
    EXPECT_TRUE(isEmptySpec("# head\n\n  # more\n"));
    EXPECT_FALSE(isEmptySpec("# head\na: 1"));
    EXPECT_EQ(editedSpec("- a\n").error().code(), ErrorCode::InvalidInput);
    EXPECT_EQ(editedSpec("a: [").error().code(), ErrorCode::InvalidInput);
}
