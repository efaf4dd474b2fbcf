// SPDX-License-Identifier: GPL-3.0-or-later
// No object makes a check crash or hang: the input chooses one of the tests' objects and changes it place by place; an
// answer is the same each time, and one that failed is Unknown and says why.
#include "fidelity/object_mutator.h"
#include "health/health.h"
#include "object/json.h"
#include "support/kind_cases.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>

using namespace tiphys;

namespace {

void require(bool holds, const char *what, const object::Value &object)
{
    if (holds)
        return;
    std::cerr << what << ": " << object::toJson(object) << "\n";
    std::abort();
}

void check(const object::Value &value)
{
    const object::Object object(value);
    const std::optional<health::Health> health = health::healthOf(object);
    require(health == health::healthOf(object), "two answers", value);
    if (health && health->hasFailed)
        require(health->status == health::HealthCode::Unknown && !health->message.empty(), "a silent failure", value);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const std::vector<test::KindCase> cases = test::kindCases(TIPHYS_TEST_DATA "/health/kinds");
    std::uint32_t seed = 0;
    std::memcpy(&seed, data, std::min(size, sizeof seed));
    object::Value value = cases[seed % cases.size()].object.value();
    fidelity::ObjectMutator mutator(seed);
    for (std::size_t i = 0; i <= std::min<std::size_t>(size, 64); ++i) {
        value = mutator.mutated(value);
        check(value);
    }
    if (const Expected<object::Value> own = object::parseJson({reinterpret_cast<const char *>(data), size}))
        check(own->with("apiVersion", cases[seed % cases.size()].object.apiVersion())
                  .with("kind", cases[seed % cases.size()].object.kind()));
    return 0;
}
