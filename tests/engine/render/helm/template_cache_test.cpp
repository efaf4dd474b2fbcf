// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/template_cache.h"

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::render;

namespace {

constexpr std::string_view kLibrary = "{{ define \"common.name\" }}{{ . }}{{ end }}";

} // namespace

TEST(TemplateCache, ReadsATextOfSeveralChartsOnce)
{
    TemplateCache cache;
    const text::FunctionTable functions;
    const auto first = cache.parsed("a/charts/common/templates/_names.tpl", kLibrary, functions, {});
    const auto second = cache.parsed("b/charts/common/templates/_names.tpl", std::string(kLibrary), functions, {});
    const auto again = cache.parsed("b/charts/common/templates/_names.tpl", kLibrary, functions, {});

    ASSERT_TRUE(first && second && again);
    EXPECT_EQ((*second)->name(), "b/charts/common/templates/_names.tpl");
    EXPECT_EQ((*second)->text().data(), (*first)->text().data());
    EXPECT_EQ(*again, *second);
}

TEST(TemplateCache, TellsTextsOfOneNameApart)
{
    TemplateCache cache;
    const text::FunctionTable functions;
    const auto one = cache.parsed("gotpl", "{{ .a }}", functions, {});
    const auto other = cache.parsed("gotpl", "{{ .b }}", functions, {});

    ASSERT_TRUE(one && other);
    EXPECT_EQ((*one)->text(), "{{ .a }}");
    EXPECT_EQ((*other)->text(), "{{ .b }}");
    EXPECT_EQ(*cache.parsed("gotpl", "{{ .a }}", functions, {}), *one);
}

TEST(TemplateCache, ForgetsWhatIsBeyondItsLimit)
{
    TemplateCache cache(1024);
    const text::FunctionTable functions;
    const auto first = cache.parsed("first", "a", functions, {});
    ASSERT_TRUE(first);
    for (int i = 0; i < 8; ++i)
        ASSERT_TRUE(cache.parsed("other", "b" + std::to_string(i), functions, {}));
    EXPECT_NE(*cache.parsed("first", "a", functions, {}), *first);
}
