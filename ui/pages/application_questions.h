// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/applications.h"
#include "service/clusters.h"
#include "ui/dialogs/confirm_dialog.h"

namespace tiphys::ui {

/// What is asked before \p app is deleted; \p detail may be null. The choice is how its resources go.
ConfirmDialog::Content deleteQuestion(const service::AppId &app, const service::AppDetail *detail);
/// What is asked before an earlier revision is applied; without choices there is none to go back to. The choice is an
/// id of the history. On a protected context the name has to be typed.
ConfirmDialog::Content rollbackQuestion(const service::AppDetail &detail, const service::ClustersSnapshot &clusters,
                                        service::WallTime now);
/// What is asked before the operation of \p app is stopped; nothing has to be typed, nor asked, where its context is not protected.
ConfirmDialog::Content terminateQuestion(const service::AppId &app, const service::ClustersSnapshot &clusters);

/// What is asked before what \p row waits for is confirmed. On a protected context the name has to be typed.
ConfirmDialog::Content confirmQuestion(const service::AppRow &row, const service::ClustersSnapshot &clusters);

} // namespace tiphys::ui
