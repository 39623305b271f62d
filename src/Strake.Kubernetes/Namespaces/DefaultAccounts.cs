using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>Sees to it that each namespace has the ServiceAccount <c>default</c>, which pods are that name no other.</summary>
/// <param name="objects">The objects.</param>
public sealed class DefaultAccounts(ObjectStore objects)
{
    const string Account = "default";

    /// <summary>Makes what is missing until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long from = objects.Revision + 1;
        foreach (StoredObject home in (await objects.ListAsync(NamespaceKind.Kind, null, cancellationToken)).Items) await EnsureAsync(home.Name.Name, cancellationToken);
        await foreach (ObjectEvent change in objects.WatchAsync([NamespaceKind.Kind, ServiceAccountKind.Kind], from, cancellationToken))
        {
            bool isNamespace = change.Object.Kind == NamespaceKind.Kind;
            if (isNamespace ? change.Kind is ObjectEventKind.Added : change.Kind is ObjectEventKind.Deleted)
                await EnsureAsync(isNamespace ? change.Object.Name.Name : change.Object.Name.Namespace, cancellationToken);
        }
    }

    async Task EnsureAsync(string home, CancellationToken cancellationToken)
    {
        if (await objects.FindAsync(ServiceAccountKind.Kind, new(home, Account), cancellationToken) is not null) return;
        var document = new JsonObject { ["metadata"] = new JsonObject { ["name"] = Account, ["namespace"] = home } };
        try
        {
            await objects.CreateAsync(ServiceAccountKind.Kind, document, isDryRun: false, cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code is 403 or 404 or 409)
        {
            // The namespace is gone or going, or somebody was faster.
        }
    }
}
