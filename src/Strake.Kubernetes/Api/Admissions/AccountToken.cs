using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Api;

/// <summary>Gives new pods the token of their service account, with the authority's certificate and the namespace's name, where programs look for them.</summary>
/// <remarks>Kubernetes' <c>plugin/pkg/admission/serviceaccount</c>. The account <c>default</c> may be on its way still, as that of a namespace that was just made.</remarks>
/// <param name="objects">Where the accounts are.</param>
public sealed class AccountToken(ObjectStore objects) : IObjectAdmission
{
    /// <summary>Where containers have it.</summary>
    public const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    const string Prefix = "kube-api-access-";
    const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    const int SuffixLength = 5;

    // An hour, and what a clock may be off.
    const int Seconds = 3607;

    /// <inheritdoc/>
    public async ValueTask AdmitAsync(ResourceKind kind, JsonObject document, JsonObject? old, CancellationToken cancellationToken)
    {
        if (kind != PodKind.Kind || old is not null || document["spec"] is not JsonObject spec) return;
        var metadata = new Metadata(document);
        string name = spec.TextAt("serviceAccountName") ?? "default";
        StoredObject? account = await objects.FindAsync(ServiceAccountKind.Kind, new ObjectName(metadata.Namespace, name), cancellationToken);
        if (account is null && name != "default")
            throw StatusException.Forbidden(kind, metadata.Name, $"error looking up service account {metadata.Namespace}/{name}: serviceaccount \"{name}\" not found");
        if (spec.FlagAt("automountServiceAccountToken") ?? IsMounted(account)) Mount(spec);
    }

    static bool IsMounted(StoredObject? account)
    {
        using JsonDocument? document = account?.Parse();
        return document?.RootElement.FlagAt("automountServiceAccountToken") ?? true;
    }

    static void Mount(JsonObject spec)
    {
        JsonObject[] containers = [.. spec.ItemsAt("initContainers").Concat(spec.ItemsAt("containers")).OfType<JsonObject>().Where(static container =>
            !container.ItemsAt("volumeMounts").Any(static mount => mount.TextAt("mountPath") == MountPath))];
        if (containers.Length == 0) return;
        string name = Prefix + RandomNumberGenerator.GetString(Letters, SuffixLength);
        if (spec["volumes"] is not JsonArray volumes) spec["volumes"] = volumes = [];
        volumes.Add((JsonNode)Volume(name));
        foreach (JsonObject container in containers)
        {
            if (container["volumeMounts"] is not JsonArray mounts) container["volumeMounts"] = mounts = [];
            mounts.Add((JsonNode)new JsonObject { ["name"] = name, ["mountPath"] = MountPath, ["readOnly"] = true });
        }
    }

    static JsonObject Volume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["defaultMode"] = 420,
            ["sources"] = new JsonArray(
                new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = Seconds, ["path"] = "token" } },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["name"] = RootCertificates.Name,
                        ["items"] = new JsonArray(new JsonObject { ["key"] = RootCertificates.Entry, ["path"] = RootCertificates.Entry }),
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["path"] = "namespace",
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                        }),
                    },
                }),
        },
    };
}
