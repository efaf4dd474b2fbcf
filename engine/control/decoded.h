// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/object_store.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tiphys::control {

/// What is read of the objects of one kind, by namespace. Each object is read once: what was read stays until another
/// version of it stands in the store, and is shared by all that look at it. \p T keeps the object that it was read of as
/// `object`. Engine thread only.
template <typename T>
class Decoded
{
public:
    using Kept = std::shared_ptr<const T>;
    using Named = std::map<std::string, Kept, std::less<>>;
    using Read = T (*)(const object::Object &object);
    /// Reads another version of what was read as \p before.
    using ReadAgain = T (*)(const object::Object &object, const T &before);

    explicit Decoded(Read read, ReadAgain readAgain = nullptr) : m_read(read), m_readAgain(readAgain) {}

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
                at = kept.emplace_hint(at, name, Kept());
            update(at->second, object);
            ++at;
        }
        kept.erase(at, kept.end());
        return kept;
    }

    /// The object \p name of \p ns as read, which is \p object now; null, and forgotten, if that is null.
    Kept one(std::string_view ns, std::string_view name, const object::Object *object)
    {
        const auto known = m_kept.find(ns);
        if (!object) {
            if (known == m_kept.end())
                return {};
            if (const auto found = known->second.find(name); found != known->second.end())
                known->second.erase(found);
            if (known->second.empty())
                m_kept.erase(known);
            return {};
        }
        Named &named = known == m_kept.end() ? m_kept[std::string(ns)] : known->second;
        Kept &kept = named.try_emplace(std::string(name)).first->second;
        update(kept, *object);
        return kept;
    }

private:
    void update(Kept &kept, const object::Object &object)
    {
        if (!kept)
            kept = std::make_shared<const T>(m_read(object));
        else if (!kept->object.value().isSameAs(object.value()))
            kept = std::make_shared<const T>(m_readAgain ? m_readAgain(object, *kept) : m_read(object));
    }

    const Named &forget(std::string_view ns)
    {
        static const Named kNone;
        if (const auto found = m_kept.find(ns); found != m_kept.end())
            m_kept.erase(found);
        return kNone;
    }

    Read m_read;
    ReadAgain m_readAgain;
    std::map<std::string, Named, std::less<>> m_kept;
};

} // namespace tiphys::control
