// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/inspector.h"

#include "models/log_text.h"
#include "models/resource_tree.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/action_menu.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/log_pane.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/rollout_bar.h"
#include "ui/widgets/yaml_highlighter.h"

#include <QBoxLayout>
#include <QEvent>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

Inspector::Inspector(service::Service &service, QWidget *parent)
    : QWidget(parent), m_service(service), m_health(new StatusLabel(this)), m_sync(new StatusLabel(this)),
      m_name(new ElidedLabel(Qt::ElideMiddle, this)), m_kind(new TextLabel(TextLabel::Rank::Secondary, {}, this)),
      m_actions(new QToolButton(this)), m_actionMenu(new ActionMenu(service, m_actions)),
      m_rollout(new RolloutBar(
          service, [this] { return m_now; }, this)),
      m_tabs(new QTabBar(this)), m_stack(new QStackedWidget(this)), m_text(new QPlainTextEdit(this)),
      m_logs(new LogPane(
          service, [this] { return m_now; }, this)),
      m_highlighter(new YamlHighlighter(m_text->document()))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(3 * u, 3 * u, 0, 0);
    column->setSpacing(u);
    auto *row = new QHBoxLayout;
    m_name->setFont(semiBold(font()));
    row->addWidget(m_name, 1);
    auto *close = new QToolButton(this);
    close->setIcon(icon(u"close"_s));
    close->setAutoRaise(true);
    close->setToolTip(tr("Close the inspector (Esc)"));
    close->setAccessibleName(tr("Close the inspector"));
    row->addWidget(close);
    column->addLayout(row);
    m_kind->setWordWrap(false);
    column->addWidget(m_kind);
    auto *status = new QHBoxLayout;
    status->setSpacing(4 * u);
    status->addWidget(m_health);
    status->addWidget(m_sync);
    status->addStretch();
    m_actions->setText(tr("Actions"));
    m_actions->setToolTip(tr("What can be done to this resource"));
    m_actions->setPopupMode(QToolButton::InstantPopup);
    m_actions->setFocusPolicy(Qt::StrongFocus);
    m_actions->setMenu(m_actionMenu);
    status->addWidget(m_actions);
    column->addLayout(status);
    column->addWidget(m_rollout);
    for (const QString &title : {tr("Summary"), tr("Live"), tr("Desired"), tr("Events"), tr("Logs")})
        m_tabs->addTab(title);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setDocumentMode(true);
    m_tabs->setAccessibleName(tr("Parts of the inspector"));
    column->addWidget(m_tabs);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setAccessibleName(tr("Content of the inspector"));
    m_stack->addWidget(m_text);
    m_stack->addWidget(m_logs);
    column->addWidget(m_stack, 1);
    connect(close, &QToolButton::clicked, this, &Inspector::closed);
    connect(m_tabs, &QTabBar::currentChanged, this, &Inspector::fill);
    setMinimumWidth(70 * u);
}

void Inspector::show(const service::AppDetail &detail, const service::TreeNode *node, service::WallTime now)
{
    const bool isOther = detail.row.id != m_detail.row.id || m_node.has_value() != (node != nullptr)
                         || (node && m_node->key != node->key);
    const bool isChanged = !isOther && (node ? *m_node != *node : detail.manifest != m_detail.manifest);
    const bool isNews =
        isChanged || m_detail.events != detail.events || m_detail.diffs != detail.diffs || m_detail.row != detail.row;
    m_detail = detail;
    m_node = node ? std::optional(*node) : std::nullopt;
    m_now = now;
    m_name->setText(node ? models::text(node->key.name) : models::text(detail.row.id.name));
    m_kind->setText(node ? models::text(node->key.kind + (node->key.ns.empty() ? "" : " · " + node->key.ns))
                         : tr("Application"));
    if (isOther)
        m_actionMenu->setResource(
            detail.row.id,
            node ? node->key : object::ObjectKey{"argoproj.io", "Application", detail.row.id.ns, detail.row.id.name});
    const service::HealthStatus health = node ? node->health : detail.row.health;
    m_health->setStatus(markOf(health), models::statusWord(health), models::explanation(health));
    const bool hasSync = !node || node->hasSync;
    const service::SyncStatus sync = node ? node->sync : detail.row.sync;
    m_sync->setStatus(hasSync ? markOf(sync) : MarkStyle{}, hasSync ? models::statusWord(sync) : QString(),
                      models::explanation(sync));
    if (node && node->key.kind == "Rollout" && node->key.group == "argoproj.io")
        m_rollout->show(detail.row, node->key.ns, node->key.name);
    else
        m_rollout->clear();
    m_tabs->setTabVisible(static_cast<int>(Pane::Desired), !node || node->hasSync);
    const bool hasLogs = node && models::hasPodLogs(node->key);
    m_tabs->setTabVisible(static_cast<int>(Pane::Logs), hasLogs);
    if (hasLogs)
        m_logs->setResource(detail.row.id, node->key, models::podsBelow(detail.tree, node->key));
    m_tabs->setTabVisible(static_cast<int>(Pane::Live), !node || node->isLive);
    if (isOther)
        fill();
    else if (isNews)
        renew(isChanged);
}

void Inspector::renew(bool isChanged)
{
    const auto pane = static_cast<Pane>(m_tabs->currentIndex());
    const bool isManifest = pane == Pane::Live || pane == Pane::Desired;
    if (pane == Pane::Summary)
        replaceText(*m_text, summary());
    else if (pane == Pane::Events)
        replaceText(*m_text, events());
    else if (isManifest && !m_node)
        replaceText(*m_text, models::text(m_detail.manifest));
    else if (isManifest && isChanged)
        service::whenDone(
            m_service.manifest(m_detail.row.id, m_node->key,
                               pane == Pane::Live ? service::ManifestSide::Live : service::ManifestSide::Desired),
            this, [this, request = ++m_request](const Expected<std::string> &result) {
                if (request != m_request)
                    return;
                showYaml(result.has_value());
                replaceText(*m_text, result ? models::text(*result) : models::sentence(result.error().text()));
            });
}

QString Inspector::content() const
{
    return m_tabs->currentIndex() == static_cast<int>(Pane::Logs) ? m_logs->text()->toPlainText()
                                                                  : m_text->toPlainText();
}

bool Inspector::showLogs()
{
    if (!m_tabs->isTabVisible(static_cast<int>(Pane::Logs)))
        return false;
    m_tabs->setCurrentIndex(static_cast<int>(Pane::Logs));
    m_logs->text()->setFocus(Qt::OtherFocusReason);
    return true;
}

bool Inspector::startFind()
{
    if (isHidden() || m_tabs->currentIndex() != static_cast<int>(Pane::Logs))
        return false;
    m_logs->startFind();
    return true;
}

void Inspector::fill()
{
    ++m_request;
    const auto pane = static_cast<Pane>(m_tabs->currentIndex());
    m_stack->setCurrentWidget(pane == Pane::Logs ? static_cast<QWidget *>(m_logs) : m_text);
    switch (pane) {
    case Pane::Summary:
        showYaml(false);
        m_text->setPlainText(summary());
        break;
    case Pane::Events:
        showYaml(false);
        m_text->setPlainText(events());
        break;
    case Pane::Live:
    case Pane::Desired:
        if (!m_node) {
            showYaml(true);
            m_text->setPlainText(models::text(m_detail.manifest));
            break;
        }
        fetch(pane);
        break;
    case Pane::Logs: break; // shows itself
    }
}

void Inspector::fetch(Pane pane)
{
    if (!m_node)
        return;
    m_text->setPlainText(tr("Asking the cluster…"));
    const auto show = [this, request = m_request](const Expected<std::string> &result) {
        if (request != m_request)
            return;
        showYaml(result.has_value());
        m_text->setPlainText(result ? models::text(*result) : models::sentence(result.error().text()));
    };
    const service::ManifestSide side =
        pane == Pane::Live ? service::ManifestSide::Live : service::ManifestSide::Desired;
    service::whenDone(m_service.manifest(m_detail.row.id, m_node->key, side), this, show);
}

QString Inspector::summary() const
{
    QStringList lines;
    const auto add = [&lines](const QString &name, const QString &value) {
        if (!value.isEmpty())
            lines << name + u": "_s + value;
    };
    if (!m_node) {
        const service::AppRow &row = m_detail.row;
        add(tr("Project"), models::text(row.project));
        add(tr("Destination"), models::text(row.destination + " / " + row.destinationNamespace));
        for (const service::SourceSummary &source : row.sources)
            add(tr("Source"), models::text(source.repoUrl + "  " + source.path + "  " + source.targetRevision));
        add(tr("Reconciler"), models::reconcilerText(row.reconciler));
        for (const std::string &condition : row.conditions)
            lines << models::text(condition);
        return lines.join(u'\n');
    }
    add(tr("Kind"), models::text((m_node->key.group.empty() ? "" : m_node->key.group + "/") + m_node->version + " "
                                 + m_node->key.kind));
    add(tr("Health"), models::text(m_node->healthMessage).trimmed());
    add(tr("Cause", "of bad health"), models::text(m_node->podTrouble));
    add(tr("Details"), models::text(m_node->info));
    add(tr("Note"), models::nodeNote(*m_node));
    add(tr("Created"), models::agoText(m_node->created, m_now));
    for (const std::string &image : m_node->images)
        add(tr("Image"), models::text(image));
    for (const service::ResourceDiff &diff : m_detail.diffs) {
        if (diff.key == m_node->key)
            add(tr("Differs"),
                models::text(diff.cause.empty() ? "+" + std::to_string(diff.added) + " −" + std::to_string(diff.removed)
                                                : diff.cause));
    }
    for (const service::EventRow &event : m_detail.events) {
        if (event.object == m_node->key && event.type == "Warning") {
            lines << QString() << models::text(event.reason + ": " + event.message);
            break;
        }
    }
    return lines.join(u'\n');
}

QString Inspector::events() const
{
    if (!m_detail.eventsProblem.empty())
        return models::sentence(m_detail.eventsProblem);
    QStringList lines;
    for (const service::EventRow &event : m_detail.events) {
        if (!m_node || event.object == m_node->key)
            lines << u"%1  %2 · %3"_s.arg(models::agoText(event.lastSeen, m_now), models::text(event.reason),
                                          models::text(event.message));
    }
    return lines.isEmpty() ? tr("No events.") : lines.join(u'\n');
}

void Inspector::showYaml(bool isYaml)
{
    m_highlighter->recolour(palette(), isYaml ? YamlHighlighter::Language::Yaml : YamlHighlighter::Language::None);
    m_text->setFont(isYaml ? monospace(font()) : font());
    m_text->setLineWrapMode(isYaml ? QPlainTextEdit::NoWrap : QPlainTextEdit::WidgetWidth);
}

void Inspector::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        fill();
}

} // namespace tiphys::ui
