namespace Strake.Kubernetes.Records;

/// <summary>When a class's claims get their volumes.</summary>
public enum BindingMode
{
    /// <summary>At once.</summary>
    Immediate,

    /// <summary>When a pod that uses the claim was given a node.</summary>
    WaitForFirstConsumer,
}
