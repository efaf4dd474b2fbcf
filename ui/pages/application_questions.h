// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "ui/dialogs/confirm_dialog.h"

namespace tiphys::ui {

/// What is asked before \p app is deleted; \p detail may be null. The choice is how its resources go.
ConfirmDialog::Content deleteQuestion(const service::AppId &app, const service::AppDetail *detail);
/// What is asked before an earlier revision is applied; without choices there is none to go back to. The choice is an
/// id of the history.
ConfirmDialog::Content rollbackQuestion(const service::AppDetail &detail, service::WallTime now);

} // namespace tiphys::ui
