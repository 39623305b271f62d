using System.Text.Json;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Limits;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;
using Strake.Kubernetes.Records;
using ObjectWrite = Strake.Kubernetes.Objects.ObjectWrite;
using StoredObject = Strake.Kubernetes.Objects.StoredObject;

namespace Strake.Kubernetes.Limits;

/// <summary>Keeps what quotas say is used true: counts at the start, and whenever something in a namespace with quotas has come, gone or become of another size.</summary>
/// <param name="objects">The objects.</param>
/// <param name="kinds">The kinds that there are.</param>
/// <param name="time">The clock of its pauses.</param>
public sealed class QuotaRecounter(ObjectStore objects, Func<KindCatalog> kinds, TimeProvider time) : IDisposable
{
    // A count costs as much as there is in the namespace: pauses as long as this many counts leave the machine to others.
    const int PauseFactor = 9;

    readonly QuotaCount count = new(objects, kinds);
    readonly WorkQueue<string> queue = new(time, BackOff.Default);

    /// <summary>Works until it is cancelled.</summary>
    /// <param name="failed">Told of each count that failed and will be tried again; must not throw.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StatusException">The watch was too slow for the store's history: it has ended, and may be run again.</exception>
    public async Task RunAsync(Action<string, Exception> failed, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        long from = objects.Revision + 1;
        foreach (StoredObject quota in (await objects.ListAsync(ResourceQuotaKind.Kind, null, cancellationToken)).Items) queue.Add(quota.Name.Namespace);
        Task work = queue.RunAsync(1, CountAsync, failed, ending.Token);
        try
        {
            await foreach (ObjectEvent change in objects.WatchAllAsync(kinds, from, cancellationToken))
                if (Matters(change)) queue.Add(change.Object.Name.Namespace);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await ending.CancelAsync();
            await work;
        }
    }

    /// <summary>Drops what waits.</summary>
    public void Dispose() => queue.Dispose();

    // Of what is only changed, few kinds can come to count for more or less.
    static bool Matters(ObjectEvent change) => change.Object.Kind.IsNamespaced
        && (change.Kind is not ObjectEventKind.Modified || change.Object.Kind == PersistentVolumeClaimKind.Kind || change.Object.Kind == PodKind.Kind || IsNewQuota(change));

    static bool IsNewQuota(ObjectEvent change) => change.Object.Kind == ResourceQuotaKind.Kind && change.Previous is { } before
        && !QuotaCount.Read(before).Hard.Equals(QuotaCount.Read(change.Object).Hard);

    async Task CountAsync(string home, CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredObject> quotas = (await objects.ListAsync(ResourceQuotaKind.Kind, home, cancellationToken)).Items;
        if (quotas.Count == 0) return;
        long begun = time.GetTimestamp();
        foreach (StoredObject stored in quotas)
        {
            Quota quota = QuotaCount.Read(stored);
            ResourceAmounts used = await count.InAsync(quota, cancellationToken);
            if (quota.Used.Equals(used) && IsTold(stored, quota)) continue;
            ObjectWrite write = QuotaCount.Write(stored, quota, used);
            if (await objects.TryWriteAsync([write], cancellationToken) is null) queue.Add(home);
        }

        await Task.Delay(time.GetElapsedTime(begun) * PauseFactor, time, cancellationToken);
    }

    static bool IsTold(StoredObject stored, Quota quota)
    {
        using JsonDocument document = stored.Parse();
        return ResourceAmounts.Read(Records.JsonFields.At(document.RootElement, "status", "hard")).Equals(quota.Hard);
    }
}
