// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Private to the folder.
namespace tiphys::rollout {

/// Where a field stands ("spec.template.spec.volumes[0].name"): made of views, written only when something is wrong.
///
/// A path points to its parent, which must be a named value or a parameter: one made on the way would be gone.
class FieldPath
{
public:
    explicit FieldPath(std::string_view root) : m_name(root) {}

    /// The member \p name; may hold several ("affinity.nodeAffinity").
    FieldPath child(std::string_view name) const & { return {this, Form::Child, name, 0}; }
    FieldPath child(std::string_view) const && = delete;
    /// Item \p index.
    FieldPath at(std::size_t index) const & { return {this, Form::Item, {}, index}; }
    FieldPath at(std::size_t) const && = delete;
    /// The entry of \p key: "limits[cpu]".
    FieldPath key(std::string_view key) const & { return {this, Form::Key, key, 0}; }
    FieldPath key(std::string_view) const && = delete;

    std::string text() const
    {
        switch (m_form) {
        case Form::Root: return std::string(m_name);
        case Form::Child: return m_parent->text() + "." + std::string(m_name);
        case Form::Item: return m_parent->text() + "[" + std::to_string(m_index) + "]";
        case Form::Key: return m_parent->text() + "[" + std::string(m_name) + "]";
        }
        return {};
    }

private:
    enum class Form { Root, Child, Item, Key };

    FieldPath(const FieldPath *parent, Form form, std::string_view name, std::size_t index)
        : m_parent(parent), m_form(form), m_name(name), m_index(index)
    {
    }

    const FieldPath *m_parent = nullptr;
    Form m_form = Form::Root;
    std::string_view m_name;
    std::size_t m_index = 0;
};

} // namespace tiphys::rollout
