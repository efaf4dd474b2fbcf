// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/clusters_page.h"

#include "models/cluster_list.h"
#include "models/status_text.h"
#include "models/text.h"
#include "ui/delegates/cluster_delegate.h"
#include "ui/dialogs/confirm_dialog.h"
#include "ui/pages/empty_words.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/filter_field.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

using service::ClusterState;

ClustersPage::ClustersPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_model(new models::ClusterList(this)), m_view(new QTreeView(this)),
      m_filter(new QLineEdit(this)), m_stack(new QStackedWidget(this)), m_empty(new EmptyPane(this)),
      m_details(new QWidget(this)), m_name(new TextLabel(TextLabel::Rank::Section, {}, this)),
      m_facts(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_state(new StatusLabel(this)),
      m_problem(new Banner(this)), m_retry(new QPushButton(tr("Try again now"), this)), m_level(new QComboBox(this)),
      m_levelText(new TextLabel(TextLabel::Rank::Secondary, {}, this)), m_namespaces(new QLineEdit(this)),
      m_engine(new QCheckBox(tr("Compare and sync from this desktop"), this)),
      m_engineText(new TextLabel(TextLabel::Rank::Secondary, {}, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(6 * u, 0, 6 * u, 2 * u);
    head->addWidget(new TextLabel(TextLabel::Rank::Title, title(), this));
    head->addStretch();
    setUpFilterField(m_filter, tr("Filter contexts"));
    m_filter->setMinimumWidth(60 * u);
    head->addWidget(m_filter);
    column->addLayout(head);
    column->addWidget(new Line(Qt::Horizontal, this));
    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    setUpListView(m_view);
    m_view->setHeaderHidden(true);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new ClusterDelegate(m_view));
    m_view->setAccessibleName(tr("Contexts of the kubeconfig"));
    m_view->setEditTriggers(QAbstractItemView::AllEditTriggers);
    split->addWidget(m_view);
    split->addWidget(buildDetails());
    split->setStretchFactor(0, 1);
    split->setSizes({200 * u, 84 * u});
    m_stack->addWidget(split);
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] {
        if (m_context.service.clusters()->clusters.empty())
            Q_EMIT openRequested({PageKind::Start, {}, {}});
        else
            m_filter->clear();
    });
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_model, signal, this, &ClustersPage::showEmpty);
    connect(m_model, &QAbstractItemModel::modelReset, this, &ClustersPage::showEmpty);
    connect(m_filter, &QLineEdit::textChanged, m_model, &models::ClusterList::setFilter);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ClustersPage::showCurrent);
    connect(m_model, &QAbstractItemModel::dataChanged, this, &ClustersPage::showCurrent);
    connect(m_model, &models::ClusterList::tickRequested, this, [this](const QString &name, bool isTicked) {
        m_context.settings.setTicked(name, isTicked);
        m_context.service.setTicked(models::utf8(name), isTicked);
    });
    connect(&m_context.service, &service::Service::clustersChanged, this, &ClustersPage::update);
    update();
}

QWidget *ClustersPage::buildDetails()
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(m_details);
    column->setContentsMargins(5 * u, 4 * u, 5 * u, 4 * u);
    column->setSpacing(2 * u);
    m_details->setMinimumWidth(74 * u);
    column->addWidget(m_name);
    column->addWidget(m_state);
    column->addWidget(m_facts);
    column->addWidget(m_problem);
    column->addWidget(m_retry, 0, Qt::AlignLeft);
    column->addSpacing(2 * u);
    auto *level = new QLabel(tr("&Level"), m_details);
    level->setBuddy(m_level);
    for (const service::Level value : {service::Level::ReadOnly, service::Level::Normal, service::Level::Protected})
        m_level->addItem(models::levelText(value));
    auto *row = new QHBoxLayout;
    row->addWidget(level);
    row->addWidget(m_level, 1);
    column->addLayout(row);
    column->addWidget(m_levelText);
    column->addSpacing(2 * u);
    auto *namespaces = new QLabel(tr("&Namespaces to look into"), m_details);
    namespaces->setBuddy(m_namespaces);
    m_namespaces->setPlaceholderText(tr("team-a, team-b", "examples of namespaces"));
    m_namespaces->setToolTip(tr(
        "Where you may not list all namespaces together. They count from the next time that the context is ticked."));
    column->addWidget(namespaces);
    column->addWidget(m_namespaces);
    column->addSpacing(2 * u);
    column->addWidget(m_engine);
    m_engineText->setText(tr("While it is on, this program compares the cluster's applications with Git, writes their "
                             "status and syncs those with "
                             "automated sync. It stops when Tiphys is closed, and is off when Tiphys starts again. It "
                             "must not run beside an Argo CD controller."));
    column->addWidget(m_engineText);
    column->addStretch();
    connect(m_retry, &QPushButton::clicked, this, [this] { m_context.service.reconnect(m_current); });
    connect(m_level, &QComboBox::activated, this, &ClustersPage::chooseLevel);
    connect(m_namespaces, &QLineEdit::editingFinished, this, &ClustersPage::keepNamespaces);
    connect(m_engine, &QCheckBox::clicked, this, &ClustersPage::chooseEngine);
    return m_details;
}

QString ClustersPage::title() const
{
    return tr("Clusters");
}

QList<QWidget *> ClustersPage::panes()
{
    return {m_view, m_level};
}

void ClustersPage::startFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
}

void ClustersPage::refresh(bool)
{
    if (!m_current.empty())
        m_context.service.reconnect(m_current);
}

void ClustersPage::tick()
{
    m_model->setNow(m_context.now());
}

QString ClustersPage::refusal() const
{
    return m_problem->text();
}

void ClustersPage::update()
{
    m_model->setNow(m_context.now());
    m_model->apply(m_context.service.clusters());
    if (!m_view->currentIndex().isValid() && m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(0, 0));
    showCurrent();
    showEmpty();
}

void ClustersPage::showEmpty()
{
    if (const int total = static_cast<int>(m_context.service.clusters()->clusters.size()); total > 0) {
        m_empty->set(tr("Nothing matches"), tr("None of %n context(s) matches the filter.", nullptr, total),
                     tr("Clear the filter"));
    } else if (const auto words = wordsWithoutClusters(*m_context.service.clusters(), m_context.now())) {
        m_empty->set(words->title, words->text, words->action);
    }
    m_stack->setCurrentIndex(m_model->rowCount() > 0 ? 0 : 1);
}

void ClustersPage::showCurrent()
{
    const QModelIndex index = m_view->currentIndex();
    m_details->setVisible(index.isValid());
    if (!index.isValid() || index.row() >= m_model->rowCount())
        return;
    const ClusterState &cluster = m_model->rowAt(index.row());
    const bool isOther = m_current != cluster.context;
    m_current = cluster.context;
    m_name->setText(models::text(cluster.context));
    if (isOther)
        m_namespaces->setText(
            m_context.settings.namespaces(models::text(cluster.context), models::text(cluster.server)).join(u", "_s));
    m_state->setStatus(markOf(cluster.reachability), models::reachabilityText(cluster, m_context.now()),
                       models::sentence(cluster.message));
    QStringList facts{models::text(cluster.server)};
    if (const QString details = index.data(static_cast<int>(models::ClusterRole::Details)).toString();
        !details.isEmpty())
        facts << details.split(u" · "_s);
    if (!cluster.ns.empty())
        facts << tr("namespace %1").arg(models::text(cluster.ns));
    if (cluster.hasArgoCdTypes && !cluster.reconcilerReason.empty())
        facts << models::sentence(cluster.reconcilerReason);
    m_facts->setText(facts.join(u'\n'));
    QString problem = index.data(static_cast<int>(models::ClusterRole::Problem)).toString();
    const auto refused = m_refused.find(cluster.context);
    if (refused != m_refused.end())
        problem = problem.isEmpty() ? refused->second : QString(refused->second + u'\n' + problem);
    if (cluster.skipsTlsVerification)
        m_problem->show({Mark::Warning, StatusColor::Degraded},
                        tr("Insecure: the certificate of this server is not verified. Anybody on the way can read and "
                           "change everything.")
                            + (problem.isEmpty() ? QString() : u'\n' + problem));
    else if (!problem.isEmpty())
        m_problem->show(refused != m_refused.end() ? MarkStyle{Mark::Failed, StatusColor::Degraded}
                                                   : markOf(cluster.reachability),
                        problem);
    else if (isOther || m_problem->isVisible())
        m_problem->clear();
    m_retry->setVisible(models::isOutOfReach(cluster.reachability)
                        || cluster.reachability == service::Reachability::Denied);
    m_level->setCurrentIndex(static_cast<int>(cluster.level));
    m_levelText->setText(
        models::explanation(cluster.level)
        + (cluster.isProtectedByName ? u' ' + tr("Its name suggests production: Protected is advised.") : QString()));
    const bool isContacted = cluster.reachability != service::Reachability::NotContacted;
    const bool mayChange = cluster.isLocalEngineOn || cluster.reconciler == service::Reconciler::Nobody;
    m_engine->setChecked(cluster.isLocalEngineOn);
    m_engine->setEnabled(isContacted && mayChange);
    m_engine->setToolTip(!isContacted ? tr("Tick the context first.")
                         : mayChange  ? QString()
                                      : models::sentence(cluster.reconcilerReason));
}

void ClustersPage::chooseLevel(int value)
{
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid())
        return;
    const auto level = static_cast<service::Level>(value);
    m_context.settings.setLevel(models::text(m_current), models::text(m_model->rowAt(index.row()).server), level);
    m_context.service.setLevel(m_current, level);
}

void ClustersPage::keepNamespaces()
{
    const QModelIndex index = m_view->currentIndex();
    if (!index.isValid())
        return;
    static const QRegularExpression separators(u"[,\\s]+"_s);
    QStringList names = m_namespaces->text().split(separators, Qt::SkipEmptyParts);
    names.removeDuplicates();
    m_context.settings.setNamespaces(models::text(m_current), models::text(m_model->rowAt(index.row()).server), names);
    m_namespaces->setText(names.join(u", "_s));
}

void ClustersPage::chooseEngine(bool isOn)
{
    const QModelIndex index = m_view->currentIndex();
    if (!isOn || !index.isValid() || m_model->rowAt(index.row()).level != service::Level::Protected) {
        setEngine(m_current, isOn);
        return;
    }
    m_engine->setChecked(false); // until it is confirmed
    const QString name = models::text(m_current);
    ConfirmDialog::Content question;
    question.title = tr("Compare and sync %1 from this desktop").arg(name);
    question.text = m_engineText->text() + u' ' + tr("%1 is protected.").arg(name);
    question.buttonText = tr("Switch the engine on for %1").arg(name);
    question.typing = name;
    auto *dialog = new ConfirmDialog(question, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, context = m_current] { setEngine(context, true); });
    dialog->open();
}

void ClustersPage::setEngine(const std::string &context, bool isOn)
{
    m_refused.erase(context);
    service::whenDone(m_context.service.setLocalEngine(context, isOn), this,
                      [this, context, isOn](const Expected<service::Done> &result) {
                          if (!result) {
                              m_refused[context] = models::sentence(result.error().text());
                              Q_EMIT noticed(m_refused[context]);
                          }
                          if (context != m_current)
                              return;
                          showCurrent();
                          m_engine->setChecked(result ? isOn : !isOn);
                      });
}

} // namespace tiphys::ui
