// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "action/action.h"
#include "action/script_object.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How one kind's actions are found and run: rows of the table in builtin.cpp.
/// Source: argo-cd resource_customizations/@v3.5.1
namespace tiphys::action {

/// The actions found so far for one object.
class Offers
{
public:
    explicit Offers(ScriptObject &object) : m_object(object) {}

    ScriptObject &object() { return m_object; }
    ResourceAction &add(std::string_view name, std::string_view iconClass = {}, std::string_view displayName = {});
    /// As add(), with what a script puts into `disabled`: null counts as no, another type than bool fails.
    ResourceAction &addUnless(const object::Value &disabled, std::string_view name, std::string_view iconClass = {},
                              std::string_view displayName = {});
    std::vector<ResourceAction> sorted() &&;

private:
    ScriptObject &m_object;
    std::vector<ResourceAction> m_actions;
};

/// A running action.
struct Run
{
    ScriptObject &object;
    const RunOptions &options;
    std::vector<object::Value> created; ///< objects to make; with any the action patches nothing

    /// The argument \p name; fails if it is absent.
    std::string argument(std::string_view name);
};

using Discover = void (*)(Offers &offers);
using Perform = void (*)(Run &run);

struct NamedAction
{
    std::string_view name;
    Perform perform;
};

struct KindActions
{
    std::string_view group;
    std::string_view kind;
    Discover discover;
    std::span<const NamedAction> actions;
};

/// The rows of every family of kinds.
std::span<const KindActions> workloadActions();
std::span<const KindActions> argoActions();
std::span<const KindActions> fluxActions();
std::span<const KindActions> numaActions();
std::span<const KindActions> operatorActions();

/// What many actions do.
void suspend(Run &run); ///< spec.suspend = true
void resume(Run &run);  ///< spec.suspend = false where it is set
void annotate(Run &run, std::string_view name, const object::Value &text);
/// The time now as "2006-01-02T15:04:05Z".
std::string timeText(const Run &run);
/// \p now in parts that names and annotations are made of.
struct TimeParts
{
    std::string year, month, day, hour, minute, second; ///< year of four digits, the others of two
};
TimeParts timeParts(crd::Timestamp now);
/// An owner reference to the object of \p run: apiVersion, kind, name, uid.
object::Value ownerReference(Run &run);
/// The value at \p path without empty lists and maps, for an object that is created from it.
object::Value copied(Run &run, ScriptObject::Path path);

} // namespace tiphys::action
