// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/sprig/sprig_case.h"

#include "text/gotemplate/template_set.h"

namespace tiphys::text {

SprigWorldPtr testWorld()
{
    auto world = std::make_shared<SprigWorld>();
    world->now = [] { return Moment{1'709'296'245, 123'456'789}; };
    world->random = [next = std::uint8_t(0)](std::span<std::uint8_t> bytes) mutable {
        for (std::uint8_t &byte : bytes)
            byte = next++;
    };
    world->location = [](std::string_view name) -> sprig::LocationPtr {
        return name == "Test/Plus2" ? sprig::fixedLocation("Test/Plus2", 7200, "TST") : nullptr;
    };
    return world;
}

SprigAnswer sprigAnswer(std::string_view text, const object::Value &data)
{
    static const auto functions = std::make_shared<const FunctionTable>(helmFunctions(testWorld()));
    TemplateOptions options;
    options.missingKey = MissingKey::Zero;
    TemplateSet set(functions, options);
    if (auto read = set.parse("main", text); !read)
        return {"", read.error().text};
    Budget budget;
    const TemplateValue values = templateValueOf(data);
    auto result = set.execute("main", values, budget);
    releaseTree(values);
    if (!result)
        return {"", result.error().text};
    return {*result, ""};
}

} // namespace tiphys::text
