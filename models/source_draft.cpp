// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/source_draft.h"

#include <algorithm>

namespace tiphys::models {

using service::ParameterField;
using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

namespace {

bool isBlank(const Row &row)
{
    return std::ranges::all_of(row, [](const std::string &cell) { return cell.empty() || cell == "false"; });
}

Rows filled(Rows rows)
{
    std::erase_if(rows, isBlank);
    return rows;
}

bool saysTheSame(const ParameterField &one, const ParameterField &other)
{
    return one.text == other.text && filled(one.rows) == filled(other.rows);
}

const Row *rowNamed(const Rows &rows, const std::string &name)
{
    const auto found = std::ranges::find_if(rows, [&](const Row &row) { return !row.empty() && row.front() == name; });
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

ParameterField rebased(const ParameterField &base, const ParameterField &mine, const ParameterField &theirs)
{
    const bool hasRows = mine.kind == service::ParameterKind::Table || mine.kind == service::ParameterKind::Lines;
    if (!hasRows || saysTheSame(base, theirs))
        return mine;
    ParameterField result = mine;
    result.rows.clear();
    // Where they stand: those that were not taken away here, as they were changed here.
    for (const Row &row : filled(theirs.rows)) {
        const std::string name = row.empty() ? std::string() : row.front();
        const Row *before = rowNamed(base.rows, name);
        const Row *now = rowNamed(mine.rows, name);
        if (before && !now)
            continue;
        result.rows.push_back(now && (!before || *before != *now) ? *now : row);
    }
    for (const Row &row : filled(mine.rows)) {
        const Row *before = rowNamed(base.rows, row.front());
        const bool isMine = !before || *before != row;
        if (isMine && !rowNamed(theirs.rows, row.front()))
            result.rows.push_back(row);
    }
    return result;
}

void SourceDraft::setForm(const service::SourceForm &form)
{
    const service::SourceForm before = std::exchange(m_form, form);
    std::map<std::string, ParameterField, std::less<>> changes;
    std::swap(changes, m_changes);
    for (const auto &[name, mine] : changes) {
        const ParameterField *theirs = stored(name);
        const auto base = std::ranges::find(before.fields, name, &ParameterField::name);
        if (theirs && base != before.fields.end())
            set(rebased(*base, mine, *theirs));
    }
}

const ParameterField *SourceDraft::stored(std::string_view name) const
{
    const auto found = std::ranges::find(m_form.fields, name, &ParameterField::name);
    return found == m_form.fields.end() ? nullptr : &*found;
}

ParameterField SourceDraft::field(std::string_view name) const
{
    if (const auto changed = m_changes.find(name); changed != m_changes.end())
        return changed->second;
    const ParameterField *field = stored(name);
    return field ? *field : ParameterField{};
}

void SourceDraft::set(const ParameterField &field)
{
    const ParameterField *before = stored(field.name);
    if (!before)
        return;
    if (saysTheSame(*before, field)) {
        m_changes.erase(field.name);
        return;
    }
    ParameterField changed = *before;
    changed.text = field.text;
    changed.rows = filled(field.rows);
    m_changes.insert_or_assign(field.name, std::move(changed));
}

bool SourceDraft::isChanged(std::string_view name) const
{
    return m_changes.contains(name);
}

std::vector<ParameterField> SourceDraft::changes() const
{
    std::vector<ParameterField> fields;
    for (const auto &[name, field] : m_changes)
        fields.push_back(field);
    return fields;
}

} // namespace tiphys::models
