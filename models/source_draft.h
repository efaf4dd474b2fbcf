// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_parameters.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::models {

/// What a person changed in the parameters of one source and has not saved yet, over the source as it is stored.
class SourceDraft
{
public:
    /// The source as it is stored now. What was changed is laid over it: of tables the single rows, so that rows that
    /// somebody else wrote meanwhile stay.
    void setForm(const service::SourceForm &form);
    const service::SourceForm &form() const { return m_form; }

    /// The field as it stands in the form: changed, or as stored; an empty one for an unknown name.
    service::ParameterField field(std::string_view name) const;
    /// Takes a changed text or changed rows; rows without any text do not count. What equals the stored field is no change.
    void set(const service::ParameterField &field);
    bool isChanged(std::string_view name) const;
    /// The changed fields.
    std::vector<service::ParameterField> changes() const;
    int changeCount() const { return static_cast<int>(m_changes.size()); }
    void discard() { m_changes.clear(); }

private:
    const service::ParameterField *stored(std::string_view name) const;

    service::SourceForm m_form;
    std::map<std::string, service::ParameterField, std::less<>> m_changes;
};

/// \p mine, which was made from \p base, over \p theirs: rows are known by their first cell. Fields that are no tables are
/// \p mine.
service::ParameterField rebased(const service::ParameterField &base, const service::ParameterField &mine,
                                const service::ParameterField &theirs);

} // namespace tiphys::models
