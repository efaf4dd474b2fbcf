// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/rollout_revisions.h"

#include "models/rollout_lists.h"
#include "models/text.h"
#include "ui/delegates/detail_delegate.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"
#include "ui/widgets/table_columns.h"

#include <QBoxLayout>
#include <QTreeView>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

constexpr std::array kWidths{widthOf(0, 26, 0), widthOf(1, 34, 1, 1), widthOf(2, 34, 2), widthOf(3, 44, 0, 2),
                             widthOf(4, 18, 3)};

} // namespace

RolloutRevisions::RolloutRevisions(service::Rollouts &rollouts, Settings &settings, QWidget *parent)
    : QSplitter(Qt::Vertical, parent), m_rollouts(rollouts), m_list(new models::RevisionList(this)),
      m_view(new QTreeView(this)), m_title(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_difference(new DiffView(this))
{
    const int u = unit(this);
    setUpListView(m_view);
    m_view->setModel(m_list);
    m_view->setItemDelegate(new DetailDelegate(m_view));
    m_view->setAccessibleName(tr("Revisions"));
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    new TableColumns(*m_view, kWidths, settings, u"revisions"_s);
    auto *below = new QWidget(this);
    auto *column = new QVBoxLayout(below);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_title->setContentsMargins(6 * u, 2 * u, 6 * u, 2 * u);
    column->addWidget(m_title);
    column->addWidget(m_difference, 1);
    setHandleWidth(1);
    setChildrenCollapsible(false);
    addWidget(m_view);
    addWidget(below);
    setSizes({60 * u, 100 * u});
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RolloutRevisions::showDifference);
    connect(m_difference, &DiffView::noticed, this, &RolloutRevisions::noticed);
}

QList<QWidget *> RolloutRevisions::panes() const
{
    return {m_view, m_difference};
}

void RolloutRevisions::setRollout(const service::RolloutDetailPtr &detail, service::WallTime now)
{
    const bool isSame = m_detail && detail && m_detail->row.id == detail->row.id;
    m_detail = detail;
    if (!isSame) {
        m_title->setText({});
        m_difference->setDiff({});
        forgetDifference();
    }
    m_list->apply(detail ? detail->revisions : std::vector<service::RolloutRevision>(), now);
    showDifference();
}

void RolloutRevisions::forgetDifference()
{
    m_compared = {};
    ++m_asked;
}

void RolloutRevisions::showDifference()
{
    if (!m_detail)
        return;
    QModelIndexList selected = m_view->selectionModel()->selectedRows();
    std::ranges::sort(selected, {}, &QModelIndex::row);
    std::string newer = m_detail->row.podHash;
    std::string older = m_detail->row.stableHash;
    if (selected.size() >= 2) {
        newer = m_list->rowAt(selected.front().row()).hash;
        older = m_list->rowAt(selected.back().row()).hash;
    } else if (selected.size() == 1 && m_list->rowAt(selected.front().row()).hash != newer) {
        older = m_list->rowAt(selected.front().row()).hash;
    } else if (newer == older && m_detail->revisions.size() > 1) {
        older = m_detail->revisions[1].hash;
    }
    if (newer == older || newer.empty() || older.empty()) {
        m_title->setText(tr("There is no other revision to compare with."));
        m_difference->setDiff({});
        forgetDifference();
        return;
    }
    if (m_compared == std::pair(older, newer))
        return;
    m_compared = {older, newer};
    const auto nameOf = [this](const std::string &hash) {
        for (const service::RolloutRevision &revision : m_detail->revisions) {
            if (revision.hash == hash)
                return tr("revision %1").arg(revision.revision);
        }
        return models::text(hash);
    };
    const QString title =
        tr("How %1 differs from %2. Select two revisions to compare them.").arg(nameOf(newer), nameOf(older));
    service::whenDone(m_rollouts.difference(m_detail->row.id, older, newer), this,
                      [this, asked = ++m_asked, title](const Expected<service::ResourceDiff> &difference) {
                          if (asked != m_asked)
                              return;
                          if (difference) {
                              m_title->setText(title);
                              m_difference->setDiff(difference->lines);
                          } else {
                              m_title->setText(models::sentence(difference.error().text()));
                              m_difference->setDiff({});
                              m_compared = {}; // asked again with the next news
                          }
                      });
}

} // namespace tiphys::ui
