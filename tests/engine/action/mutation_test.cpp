// SPDX-License-Identifier: GPL-3.0-or-later
#include "fidelity/object_mutator.h"
#include "object/json.h"
#include "support/mutated_actions.h"

#include <gtest/gtest.h>

namespace tiphys::action {
namespace {

TEST(MutatedObjects, NeverMakeAnActionCrashOrFailSilently)
{
    const std::vector<object::Value> objects = test::actionObjects(TIPHYS_TEST_DATA);
    ASSERT_GT(objects.size(), 50U);
    fidelity::ObjectMutator mutator(1);
    for (const object::Value &object : objects) {
        object::Value value = object;
        for (int i = 0; i < 40; ++i) {
            value = mutator.mutated(value);
            const std::optional<std::string> wrong = test::wrongOfActions(value);
            ASSERT_FALSE(wrong) << *wrong << ": " << object::toJson(value);
        }
    }
}

} // namespace
} // namespace tiphys::action
