// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/preview_banner.h"

#include "models/text.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QStringList>

namespace tiphys::ui {

void showPreviewState(Banner &banner, const std::string &refusal, const QString &changedMeanwhile,
                      const std::vector<std::string> &warnings)
{
    QStringList sentences;
    for (const std::string &warning : warnings)
        sentences << models::sentence(warning);
    if (!refusal.empty())
        banner.show(
            {Mark::Failed, StatusColor::Degraded},
            QCoreApplication::translate("Preview", "This would be refused now: %1").arg(models::sentence(refusal)));
    else if (!changedMeanwhile.isEmpty())
        banner.show({Mark::Warning, StatusColor::OutOfSync}, changedMeanwhile);
    else if (!sentences.isEmpty())
        banner.show({Mark::Warning, StatusColor::OutOfSync}, sentences.join(u'\n'));
    else
        banner.clear();
}

} // namespace tiphys::ui
