// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/refusal.h"
#include "object/label_selector.h"
#include "object/object.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::demo {

/// What objects must carry to be listed: the `labelSelector` and `fieldSelector` of a request, both at once.
class Selector
{
public:
    /// Selects everything.
    Selector() = default;
    /// Reads "a=b,c!=d,e in (f,g),h,!i" and "metadata.name=x". Errors: 400 for a text that is neither.
    static Answer<Selector> parsed(std::string_view labels, std::string_view fields);
    /// The selector of a workload: `matchLabels` and `matchExpressions`; null selects nothing.
    static Selector ofLabelSelector(const object::Value &selector);

    bool isEmpty() const { return m_requirements.empty() && !m_selectsNothing; }
    bool matches(const object::Object &object) const;

private:
    struct Requirement : object::LabelRequirement
    {
        bool isField = false; ///< the key is a path in the object, not a label

        bool holds(const object::Object &object) const;
    };
    using Test = object::LabelRequirement::Test;
    static Answer<Requirement> parsedLabel(std::string_view text);
    static Answer<Requirement> parsedField(std::string_view text);

    std::vector<Requirement> m_requirements;
    bool m_selectsNothing = false;
};

} // namespace tiphys::demo
