// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::render::kustomize {

/// What a member without a field in the struct means.
enum class Unknown { Ignored, Refused };
/// What a number or a boolean in place of a text means. Converted is how sigs.k8s.io/yaml reads into structs: such a
/// value is taken as its text, but not in the fields of embedded structs.
enum class Scalars { Strict, Converted };

/// Reads values into structs as Go's encoding/json does: names fit in any case, null changes nothing, reading goes
/// on after a member of the wrong type, and the first problem is told at the end, in Go's words.
///
/// A struct takes part by two functions in its namespace: `goType(const T &)`, its name in messages, and
/// `visitFields(visit, T &)`, which calls `visit(name, member)` or `visit(name, member, "Embedded.")` for each field.
/// Source: Go encoding/json decode.go@1.26
class StructReader
{
public:
    explicit StructReader(Unknown unknown, Scalars scalars = Scalars::Strict) : m_unknown(unknown), m_scalars(scalars)
    {
    }

    /// The first problem; nothing if everything fitted.
    const std::optional<std::string> &problem() const { return m_problem; }

    template <typename T>
    void read(const object::Value &value, T &into)
    {
        readValue(value, into);
    }

private:
    void readValue(const object::Value &value, std::string &into);
    void readValue(const object::Value &value, bool &into);
    void readValue(const object::Value &value, std::int64_t &into);
    void readValue(const object::Value &value, std::map<std::string, std::string> &into);
    /// Any map (map[string]interface {}).
    void readValue(const object::Value &value, object::Value &into);

    template <typename T>
    void readValue(const object::Value &value, std::optional<T> &into)
    {
        if (value.isNull()) {
            into.reset();
            return;
        }
        if (!into)
            into.emplace();
        readValue(value, *into);
    }

    template <typename T>
    void readValue(const object::Value &value, std::vector<T> &into)
    {
        if (value.isNull())
            return;
        if (!value.isList())
            return mismatch(value, "[]" + typeText(T()));
        into.clear();
        for (const object::Value &item : value.items()) {
            into.emplace_back();
            readValue(item, into.back());
        }
    }

    template <typename T>
        requires requires(const T &t) { goType(t); }
    void readValue(const object::Value &value, T &into)
    {
        if (value.isNull())
            return;
        if (!value.isMap())
            return mismatch(value, typeText(into));
        for (const auto &[key, member] : value.sortedEntries()) {
            if (!readMember(key, member, into, Match::Exact) && !readMember(key, member, into, Match::AnyCase)
                && m_unknown == Unknown::Refused)
                note("json: unknown field \"" + std::string(key) + "\"");
        }
    }

    enum class Match { Exact, AnyCase };
    template <typename T>
    bool readMember(std::string_view key, const object::Value &member, T &into, Match match)
    {
        bool isFound = false;
        const auto visit = [&](std::string_view name, auto &field, std::string_view embedded = {}) {
            if (isFound || !fits(key, name, match))
                return;
            isFound = true;
            const std::size_t size = m_path.size();
            const std::string outer = std::exchange(m_struct, std::string(goType(into)));
            if (size > 0)
                m_path += '.';
            m_path.append(embedded).append(name);
            const Scalars scalars = embedded.empty() ? m_scalars : Scalars::Strict;
            const Scalars outerScalars = std::exchange(m_scalars, scalars);
            readValue(member, field);
            m_scalars = outerScalars;
            m_path.resize(size);
            m_struct = outer;
        };
        visitFields(visit, into);
        return isFound;
    }

    static bool fits(std::string_view key, std::string_view name, Match match);
    static std::string typeText(const std::string &) { return "string"; }
    static std::string typeText(bool) { return "bool"; }
    static std::string typeText(std::int64_t) { return "int64"; }
    static std::string typeText(const object::Value &) { return "map[string]interface {}"; }
    template <typename T>
        requires requires(const T &t) { goType(t); }
    static std::string typeText(const T &t)
    {
        return "types." + std::string(goType(t));
    }
    template <typename T>
    static std::string typeText(const std::optional<T> &)
    {
        return typeText(T());
    }

    void mismatch(const object::Value &value, const std::string &type, const std::string &literal = {});
    void note(std::string problem);

    Unknown m_unknown;
    Scalars m_scalars;
    std::string m_struct;
    std::string m_path;
    std::optional<std::string> m_problem;
};

} // namespace tiphys::render::kustomize
