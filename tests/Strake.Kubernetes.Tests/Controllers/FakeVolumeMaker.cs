using System.Collections.Concurrent;
using Strake.Kubernetes.Controllers;
using Strake.Kubernetes.Decisions.Provisioning;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Tests.Controllers;

/// <summary>Storage that is nothing but its names.</summary>
sealed class FakeVolumeMaker : IVolumeMaker
{
    readonly ConcurrentDictionary<string, byte> storage = [];

    public ProvisionerSet Provisioners => ProvisionerSet.BuiltIn;

    public ICollection<string> Storage => storage.Keys;

    /// <summary>What making fails with; null when it does not.</summary>
    public string? Refusal { get; set; }

    /// <summary>Called in the middle of making.</summary>
    public Action<string> Making { get; set; } = static _ => { };

    public Task<MadeStorage> MakeAsync(ProvisionPlan plan, CancellationToken cancellationToken)
    {
        if (Refusal is { } refusal) throw StrakeException.Exhausted(refusal);
        storage.TryAdd(plan.Name, 0);
        Making(plan.Name);
        return Task.FromResult(new MadeStorage(plan.Name, plan.Size));
    }

    public Task DiscardAsync(Claim claim, string name, CancellationToken cancellationToken)
    {
        storage.TryRemove(name, out _);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(PersistentVolume volume, CancellationToken cancellationToken)
    {
        storage.TryRemove(volume.Source.Handle, out _);
        return Task.CompletedTask;
    }

    public Task RecycleAsync(PersistentVolume volume, CancellationToken cancellationToken) => Task.CompletedTask;
}
