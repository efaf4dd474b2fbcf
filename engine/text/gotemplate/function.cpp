// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/function.h"

namespace tiphys::text {

TemplateError TemplateError::wrapping(std::string prefix, TemplateError inner)
{
    TemplateError outer(inner.code, std::move(prefix) + inner.text);
    outer.cause = std::make_shared<const TemplateError>(std::move(inner));
    return outer;
}

std::unexpected<TemplateError> budgetExceeded(std::string_view what)
{
    return std::unexpected(
        TemplateError(ErrorCode::LimitExceeded, "template exceeds the limit of " + std::string(what)));
}

void FunctionTable::add(std::string name, Signature signature, Callable call)
{
    m_functions.insert_or_assign(std::move(name), Function{std::move(signature), std::move(call)});
}

void FunctionTable::add(std::string name, std::initializer_list<const Type *> parameters, Callable call)
{
    add(std::move(name), Signature{parameters, false}, std::move(call));
}

void FunctionTable::addVariadic(std::string name, std::initializer_list<const Type *> parameters, Callable call)
{
    add(std::move(name), Signature{parameters, true}, std::move(call));
}

void FunctionTable::remove(std::string_view name)
{
    const auto found = m_functions.find(name);
    if (found != m_functions.end())
        m_functions.erase(found);
}

void FunctionTable::merge(const FunctionTable &other)
{
    for (const auto &[name, function] : other.m_functions)
        m_functions.insert_or_assign(name, function);
}

const Function *FunctionTable::find(std::string_view name) const
{
    const auto found = m_functions.find(name);
    return found == m_functions.end() ? nullptr : &found->second;
}

std::vector<std::string_view> FunctionTable::names() const
{
    std::vector<std::string_view> all;
    all.reserve(m_functions.size());
    for (const auto &[name, function] : m_functions)
        all.push_back(name);
    return all;
}

} // namespace tiphys::text
