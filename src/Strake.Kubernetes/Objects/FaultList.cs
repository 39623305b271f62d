namespace Strake.Kubernetes.Objects;

/// <summary>Gathers what is wrong with an object, so that all of it is told at once.</summary>
public sealed class FaultList
{
    readonly List<Fault> faults = [];

    /// <summary>What was found, in the order in which it was found.</summary>
    public IReadOnlyList<Fault> Faults => faults;

    /// <summary>Adds what was found.</summary>
    public void Add(Fault fault) => faults.Add(fault);

    /// <summary>Adds what was found, if it was.</summary>
    /// <param name="isWrong">Whether it is wrong.</param>
    /// <param name="fault">What is.</param>
    public void AddIf(bool isWrong, Func<Fault> fault)
    {
        if (isWrong) faults.Add(fault());
    }
}
