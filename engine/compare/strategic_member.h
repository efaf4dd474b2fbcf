// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/text.h"
#include "schema/schema.h"

#include <string>
#include <string_view>
#include <utility>

/// What making and merging strategic merge patches have in common.
namespace tiphys::compare::strategic {

using schema::Field;
using schema::Kind;
using schema::Type;

/// What the schema says about one member of a map.
struct MemberMeta
{
    const Type *type = nullptr; ///< of the member, or of the items of a list
    bool merges = false;
    bool replaces = false;
    bool retainsKeys = false;
    std::string_view mergeKey;
};

/// A failed step leaves its sentence here; every step below returns false then.
class Fallible
{
public:
    Error error() const { return Error(ErrorCode::InvalidInput, m_problem); }

protected:
    bool fails(std::string problem)
    {
        if (m_problem.empty())
            m_problem = std::move(problem);
        return false;
    }
    bool lookUp(const Type *type, std::string_view key, MemberMeta &meta)
    {
        if (!type || type->kind() != Kind::Struct)
            return fails("no built-in type describes the member " + quoted(key));
        const Field *field = type->field(key);
        if (!field)
            return fails("the type " + std::string(type->name()) + " has no field " + quoted(key));
        meta = {&field->type(), field->patchMerges(), field->patchReplaces(), field->patchRetainsKeys(),
                field->mergeKey()};
        return true;
    }
    bool lookUpList(const Type *type, std::string_view key, MemberMeta &meta)
    {
        if (!lookUp(type, key, meta))
            return false;
        if (meta.type->kind() != Kind::List)
            return fails("the field " + quoted(key) + " is no list");
        meta.type = meta.type->element();
        return true;
    }

private:
    std::string m_problem;
};

} // namespace tiphys::compare::strategic
