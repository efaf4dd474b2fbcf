// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/object_store.h"

#include <map>
#include <string>
#include <string_view>

namespace tiphys::control {

/// What is read of the objects of one kind, by namespace. Each object is read once: what was read stays until another
/// version of it stands in the store. \p T keeps the object that it was read of as `object`. Engine thread only.
template <typename T>
class Decoded
{
public:
    using Named = std::map<std::string, T, std::less<>>;
    using Read = T (*)(const object::Object &object);

    explicit Decoded(Read read) : m_read(read) {}

    /// \p objects of \p ns as read; valid until the next call for the namespace. What is not among them is forgotten.
    const Named &in(std::string_view ns, const ObjectStore::Named &objects)
    {
        if (objects.empty())
            return forget(ns);
        Named &kept = m_kept.try_emplace(std::string(ns)).first->second;
        // Both are in the order of names.
        auto at = kept.begin();
        for (const auto &[name, object] : objects) {
            while (at != kept.end() && at->first < name)
                at = kept.erase(at);
            if (at == kept.end() || at->first != name)
                at = kept.emplace_hint(at, name, m_read(object));
            else if (!at->second.object.value().isSameAs(object.value()))
                at->second = m_read(object);
            ++at;
        }
        kept.erase(at, kept.end());
        return kept;
    }

private:
    const Named &forget(std::string_view ns)
    {
        static const Named kNone;
        if (const auto found = m_kept.find(ns); found != m_kept.end())
            m_kept.erase(found);
        return kNone;
    }

    Read m_read;
    std::map<std::string, Named, std::less<>> m_kept;
};

} // namespace tiphys::control
