// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/clusters.h"
#include "service/resource_actions.h"

#include <QString>

namespace tiphys::models {

/// The action in words: "Skip current step" for "skip-current-step".
QString actionTitle(const service::OfferedAction &offered);
/// The line of a menu: the title, and for one that cannot be done the reason behind it.
QString actionMenuText(const service::OfferedAction &offered);
/// "Restart Deployment web"
QString actOnText(const service::OfferedAction &offered, const object::ObjectKey &key);
/// "Restart Deployment web in shop on prod-eu".
QString actOnTitle(const service::OfferedAction &offered, const object::ObjectKey &key, std::string_view context);
/// What a step writes: "Changes Deployment web", "Creates Job nightly-1 in shop".
QString stepText(const service::ActionStep &step, std::string_view outside);
/// What was done, for the status bar.
QString doneText(const service::OfferedAction &offered, const object::ObjectKey &key,
                 const service::ActionResult &result);
/// What has to be typed before anything is written on \p context: the object's name on a protected one, else "".
QString typingForAct(const service::ClustersSnapshot &clusters, std::string_view context, const object::ObjectKey &key);

} // namespace tiphys::models
