// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rollout_acts.h"

#include "models/rollout_text.h"
#include "models/text.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::RolloutAct;

namespace {

/// Buttons that may move into the menu, the first one first.
constexpr std::array kMovable{RolloutAct::Pause, RolloutAct::Resume, RolloutAct::Retry, RolloutAct::Abort};

int gapOf(const QWidget *widget)
{
    return 3 * unit(widget);
}

} // namespace

RolloutActs::RolloutActs(QWidget *parent) : QWidget(parent), m_more(nullptr), m_menu(nullptr)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    buildPromote();
    for (const RolloutAct act : {RolloutAct::Pause, RolloutAct::Resume, RolloutAct::Abort, RolloutAct::Retry}) {
        auto *button = new QPushButton(models::actText(act), this);
        connect(button, &QPushButton::clicked, this, [this, act] { Q_EMIT chosen(act); });
        m_buttons[act] = button;
    }
    buildMore();
}

void RolloutActs::buildPromote()
{
    auto *promote = new QToolButton(this);
    promote->setText(models::actText(RolloutAct::Promote));
    promote->setFocusPolicy(Qt::StrongFocus);
    makePrimary(promote);
    connect(promote, &QToolButton::clicked, this, [this] { Q_EMIT chosen(RolloutAct::Promote); });
    auto *ways = new QMenu(promote);
    ways->setToolTipsVisible(true);
    for (const RolloutAct act : {RolloutAct::SkipStep, RolloutAct::SkipAllSteps, RolloutAct::PromoteFull})
        addAct(ways, act);
    promote->setMenu(ways);
    promote->setPopupMode(QToolButton::MenuButtonPopup);
    m_buttons[RolloutAct::Promote] = promote;
}

void RolloutActs::buildMore()
{
    m_more = new QToolButton(this);
    m_more->setIcon(icon(u"more"_s));
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More acts"));
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_menu = new QMenu(m_more);
    m_menu->setToolTipsVisible(true);
    for (const RolloutAct act : kMovable)
        addAct(m_menu, act)->setVisible(false);
    for (const RolloutAct act : {RolloutAct::Restart, RolloutAct::SetImage, RolloutAct::Undo})
        addAct(m_menu, act);
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
}

QAction *RolloutActs::addAct(QMenu *menu, RolloutAct act)
{
    auto *made = new QAction(icon(models::actIcon(act)), models::actText(act), this);
    connect(made, &QAction::triggered, this, [this, act] { Q_EMIT chosen(act); });
    m_actions[act] = made;
    menu->addAction(made);
    return made;
}

void RolloutActs::setRollout(const service::RolloutId &id, const service::RolloutDetail *detail)
{
    const bool isBlueGreen = detail && detail->row.isBlueGreen;
    const service::Permission asking{false, models::utf8(tr("Asking %1…").arg(models::text(id.context)))};
    const auto stateOf = [&](RolloutAct act) {
        const service::Permission may = detail ? detail->may(act) : asking;
        const QString reason = may.isAllowed ? models::actConsequence(act, detail->row) : models::sentence(may.reason);
        return std::pair(may.isAllowed, detail ? reason : models::text(may.reason));
    };
    for (const auto &[act, button] : m_buttons) {
        const auto [isAllowed, reason] = stateOf(act);
        button->setText(models::actText(act, isBlueGreen));
        button->setEnabled(isAllowed);
        button->setToolTip(reason);
        button->setAccessibleDescription(reason);
    }
    for (const auto &[act, made] : m_actions) {
        const auto [isAllowed, reason] = stateOf(act);
        made->setEnabled(isAllowed);
        made->setToolTip(reason);
    }
    m_actions[RolloutAct::SkipStep]->setVisible(!isBlueGreen);
    m_actions[RolloutAct::SkipAllSteps]->setVisible(!isBlueGreen);
    m_isPausedBySpec = detail && detail->row.isPausedBySpec;
    m_isAborted = detail && detail->row.isAborted && detail->row.isUpdating;
    updateGeometry();
    arrange();
}

QAbstractButton *RolloutActs::button(RolloutAct act) const
{
    const auto found = m_buttons.find(act);
    return found == m_buttons.end() ? nullptr : found->second;
}

QAction *RolloutActs::action(RolloutAct act) const
{
    const auto found = m_actions.find(act);
    return found == m_actions.end() ? nullptr : found->second;
}

std::vector<RolloutAct> RolloutActs::offered() const
{
    return {RolloutAct::Promote, m_isPausedBySpec ? RolloutAct::Resume : RolloutAct::Pause,
            m_isAborted ? RolloutAct::Retry : RolloutAct::Abort};
}

int RolloutActs::widthOf(const std::vector<RolloutAct> &acts) const
{
    int width = m_more->sizeHint().width();
    for (const RolloutAct act : acts)
        width += m_buttons.at(act)->sizeHint().width() + gapOf(this);
    return width;
}

QSize RolloutActs::sizeHint() const
{
    int height = m_more->sizeHint().height();
    for (const auto &[act, button] : m_buttons)
        height = std::max(height, button->sizeHint().height());
    return {widthOf(offered()), height};
}

QSize RolloutActs::minimumSizeHint() const
{
    return {widthOf({RolloutAct::Promote}), sizeHint().height()};
}

void RolloutActs::arrange()
{
    std::vector<RolloutAct> shown = offered();
    for (const RolloutAct act : kMovable) {
        const bool isOffered = std::ranges::contains(shown, act);
        const bool isMoved = isOffered && widthOf(shown) > width();
        if (isMoved)
            std::erase(shown, act);
        m_actions[act]->setVisible(isMoved);
        m_buttons[act]->setVisible(isOffered && !isMoved);
    }
    std::vector<QWidget *> line;
    for (const RolloutAct act : shown)
        line.push_back(m_buttons[act]);
    line.push_back(m_more);
    int x = width();
    for (auto widget = line.rbegin(); widget != line.rend(); ++widget) {
        const QSize size = (*widget)->sizeHint();
        x -= size.width();
        (*widget)->setGeometry(
            QStyle::visualRect(layoutDirection(), rect(), QRect(QPoint(x, (height() - size.height()) / 2), size)));
        x -= gapOf(this);
    }
}

void RolloutActs::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void RolloutActs::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    const bool isLook = event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange
                        || event->type() == QEvent::LayoutDirectionChange;
    if (!isLook || !m_more)
        return;
    updateGeometry();
    arrange();
}

} // namespace tiphys::ui
