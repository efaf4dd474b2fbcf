// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and executing any template ends, with a text or an error.
#include "engine/text/gotemplate/template_case.h"
#include "object/json.h"

#include <cstdint>
#include <string_view>

using namespace tiphys;

namespace {

text::TemplateValue sampleData()
{
    const Expected<object::Value> data = object::parseJson(
        R"({"name":"web","n":5,"f":1.5,"t":true,"nil":null,"list":["a",2,null],"m":{"a":1,"b":{"c":"deep"}},"empty":{}})");
    return text::templateValueOf(data.value_or(object::Value()));
}

std::shared_ptr<const text::FunctionTable> functions()
{
    auto table = std::make_shared<text::FunctionTable>(*text::caseFunctions());
    // Maps that contain themselves are never freed.
    table->remove("set");
    return table;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const std::shared_ptr<const text::FunctionTable> table = functions();
    text::TemplateSet set(table, {.missingKey = size % 2 ? text::MissingKey::Zero : text::MissingKey::Invalid});
    if (!set.parse("main", {reinterpret_cast<const char *>(data), size}))
        return 0;
    text::Budget budget{.steps = 20000, .outputBytes = 1 << 20};
    // NOLINTNEXTLINE(bugprone-unused-return-value): only crashes matter here.
    (void)set.execute("main", sampleData(), budget);
    return 0;
}
