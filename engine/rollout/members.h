// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/timestamp.h"
#include "object/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Private to the folder.
namespace tiphys::rollout {

/// Members of a map that omits zero values.
class Members
{
public:
    Members &text(const char *key, std::string_view text)
    {
        if (!text.empty())
            add(key, object::Value(text));
        return *this;
    }
    Members &number(const char *key, int number)
    {
        if (number != 0)
            add(key, object::Value(number));
        return *this;
    }
    Members &flag(const char *key, bool flag)
    {
        if (flag)
            add(key, object::Value(true));
        return *this;
    }
    Members &add(const char *key, const object::Value &value)
    {
        m_members.emplace_back(key, value);
        return *this;
    }
    Members &time(const char *key, const std::optional<crd::Timestamp> &time)
    {
        if (time)
            add(key, time->text());
        return *this;
    }
    template <typename T, typename Make>
    Members &optional(const char *key, const std::optional<T> &part, Make make)
    {
        if (part)
            add(key, make(*part));
        return *this;
    }
    template <typename Parts, typename Make>
    Members &list(const char *key, const Parts &parts, Make make)
    {
        if (parts.empty())
            return *this;
        std::vector<object::Value> values;
        for (const auto &part : parts)
            values.push_back(make(part));
        return add(key, object::Value::list(values));
    }
    object::Value map() const { return object::Value::map(m_members); }

private:
    std::vector<std::pair<std::string, object::Value>> m_members;
};

} // namespace tiphys::rollout
