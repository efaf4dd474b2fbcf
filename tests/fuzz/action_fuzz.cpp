// SPDX-License-Identifier: GPL-3.0-or-later
// No object makes an action crash or hang: the input chooses one of the tests' objects and changes it place by place.
#include "fidelity/object_mutator.h"
#include "object/json.h"
#include "support/mutated_actions.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>

using namespace tiphys;

namespace {

void check(const object::Value &value)
{
    const std::optional<std::string> wrong = test::wrongOfActions(value);
    if (!wrong)
        return;
    std::cerr << *wrong << ": " << object::toJson(value) << "\n";
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const std::vector<object::Value> objects = test::actionObjects(TIPHYS_TEST_DATA);
    std::uint32_t seed = 0;
    std::memcpy(&seed, data, std::min(size, sizeof seed));
    object::Value value = objects[seed % objects.size()];
    fidelity::ObjectMutator mutator(seed);
    for (std::size_t i = 0; i <= std::min<std::size_t>(size, 64); ++i) {
        value = mutator.mutated(value);
        check(value);
    }
    const object::Value &chosen = objects[seed % objects.size()];
    if (const Expected<object::Value> own = object::parseJson({reinterpret_cast<const char *>(data), size}))
        check(own->with("apiVersion", chosen["apiVersion"]).with("kind", chosen["kind"]));
    return 0;
}
