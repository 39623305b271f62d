using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes;

/// <summary>Sees to it that each namespace has the ConfigMap <c>kube-root-ca.crt</c>, by which pods know the server's certificate for good; what somebody writes into it is written over.</summary>
/// <param name="objects">The objects.</param>
/// <param name="authority">The certificate of the authority, PEM.</param>
public sealed class RootCertificates(ObjectStore objects, string authority)
{
    /// <summary>The name of the ConfigMap.</summary>
    public const string Name = "kube-root-ca.crt";

    /// <summary>The entry that is the certificate.</summary>
    public const string Entry = "ca.crt";

    /// <summary>Makes what is missing until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long from = objects.Revision + 1;
        foreach (StoredObject home in (await objects.ListAsync(NamespaceKind.Kind, null, cancellationToken)).Items) await EnsureAsync(home.Name.Name, cancellationToken);
        await foreach (ObjectEvent change in objects.WatchAsync([NamespaceKind.Kind, ConfigMapKind.Kind], from, cancellationToken))
        {
            ObjectName name = change.Object.Name;
            if (change.Object.Kind == ConfigMapKind.Kind ? name.Name == Name : change.Kind is ObjectEventKind.Added)
                await EnsureAsync(change.Object.Kind == NamespaceKind.Kind ? name.Name : name.Namespace, cancellationToken);
        }
    }

    async Task EnsureAsync(string home, CancellationToken cancellationToken)
    {
        try
        {
            if (await objects.FindAsync(ConfigMapKind.Kind, new(home, Name), cancellationToken) is { } found)
            {
                JsonObject document = found.ToDocument();
                if (document.TextAt("data", Entry) == authority) return;
                document["data"] = new JsonObject { [Entry] = authority };
                await objects.TryWriteAsync([new ObjectWrite(found, document)], cancellationToken);
                return;
            }

            var made = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = Name, ["namespace"] = home,
                    ["annotations"] = new JsonObject { ["kubernetes.io/description"] = "The certificate of the authority by which pods know this server." },
                },
                ["data"] = new JsonObject { [Entry] = authority },
            };
            await objects.CreateAsync(ConfigMapKind.Kind, made, isDryRun: false, cancellationToken);
        }
        catch (StatusException e) when (e.Status.Code is 403 or 404 or 409)
        {
            // The namespace is gone or going, or somebody was faster.
        }
    }
}
