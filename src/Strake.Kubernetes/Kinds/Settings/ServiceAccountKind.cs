using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Kinds;

/// <summary>Who pods are to the API.</summary>
public static class ServiceAccountKind
{
    /// <summary>The kind.</summary>
    public static ResourceKind Kind { get; } = new()
    {
        Group = "", Kind = "ServiceAccount", Plural = "serviceaccounts", ShortNames = ["sa"], IsNamespaced = true,
        Describe = static () => SettingsSchema.ServiceAccount,
        Columns = [Columns.Name, Columns.Count("Secrets", "How many secrets it has.", static item => item.ItemsAt("secrets").Count()), Columns.Age],
    };
}
