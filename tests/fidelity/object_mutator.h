// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"

#include <random>
#include <string>
#include <vector>

namespace tiphys::fidelity {

/// Changes one or two places of an object at random: a field away, another type, null, a list for a map, other words.
/// apiVersion and kind stay.
class ObjectMutator
{
public:
    explicit ObjectMutator(unsigned seed) : m_random(seed) {}

    object::Value mutated(const object::Value &object)
    {
        object::Value result = object;
        for (std::size_t changes = 1 + below(2); changes > 0; --changes) {
            const object::Value changed = changedSomewhere(result, 0);
            result = changed.with("apiVersion", object["apiVersion"]).with("kind", object["kind"]);
        }
        return result;
    }

private:
    using Value = object::Value;

    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(m_random); }

    /// Goes down with most of the chances: what rules read lies deep.
    Value changedSomewhere(const Value &value, int depth)
    {
        const bool goesDown = (value.isMap() || value.isList()) && value.size() > 0 && (depth == 0 || below(5) != 0);
        if (!goesDown)
            return replacement(value);
        if (value.isList()) {
            const std::size_t index = below(value.size());
            if (below(12) == 0)
                return value.withoutItem(index);
            if (below(12) == 0)
                return value.appended(value.at(index));
            return value.withItem(index, changedSomewhere(value.at(index), depth + 1));
        }
        const std::string key(keyOf(value, depth));
        if (below(6) == 0)
            return value.without(key);
        return value.with(key, changedSomewhere(value[key], depth + 1));
    }

    /// At the top mostly status, which rules read most.
    std::string_view keyOf(const Value &map, int depth)
    {
        if (depth == 0 && map.contains("status") && below(3) != 0)
            return "status";
        std::size_t index = below(map.size());
        for (const auto &[key, value] : map.entries()) {
            if (index-- == 0)
                return key;
        }
        return {};
    }

    Value replacement(const Value &value)
    {
        static const std::vector<Value> kValues{Value(),
                                                Value(true),
                                                Value(false),
                                                Value(0),
                                                Value(1),
                                                Value(3),
                                                Value(-2.5),
                                                Value(""),
                                                Value("text"),
                                                Value("7"),
                                                Value("True"),
                                                Value("False"),
                                                Value("Unknown"),
                                                Value("Ready"),
                                                Value("Failed"),
                                                Value("Running"),
                                                Value("Progressing"),
                                                Value("Error"),
                                                Value::map({}),
                                                Value::list({}),
                                                Value::list({Value("a"), Value(2)}),
                                                Value::list({Value(), Value::map({{"type", Value("Ready")}})}),
                                                Value::map({{"status", Value("True")}, {"message", Value(4)}})};
        if (value.isList() && below(3) == 0)
            return value.appended(Value());
        if (value.isMap() && below(4) == 0)
            return Value::list({value});
        return kValues[below(kValues.size())];
    }

    std::mt19937 m_random;
};

} // namespace tiphys::fidelity
