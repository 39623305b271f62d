using System.Runtime.InteropServices;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Kubernetes.Records;

/// <summary>What pods need beside volumes, and nodes have.</summary>
/// <param name="Cpu">Processors.</param>
/// <param name="Memory">Bytes of memory.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ComputeAmounts(Quantity Cpu, Quantity Memory)
{
    /// <summary>The sum.</summary>
    /// <param name="other">What is added.</param>
    public ComputeAmounts Plus(ComputeAmounts other) => new(Cpu.Plus(other.Cpu), Memory.Plus(other.Memory));

    /// <summary>The larger of each.</summary>
    /// <param name="other">What is compared.</param>
    public ComputeAmounts Or(ComputeAmounts other) => new(Cpu >= other.Cpu ? Cpu : other.Cpu, Memory >= other.Memory ? Memory : other.Memory);

    /// <summary>Reads them from a document.</summary>
    /// <param name="element">A list of resources.</param>
    public static ComputeAmounts Read(JsonElement element) => new(element.Quantity("cpu") ?? Quantity.Zero, element.Quantity("memory") ?? Quantity.Zero);
}
