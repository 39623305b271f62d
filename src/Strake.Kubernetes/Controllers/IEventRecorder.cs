using Strake.Kubernetes.Decisions;

namespace Strake.Kubernetes.Controllers;

/// <summary>Who tells users. Events are not part of any write: losing one loses no state.</summary>
public interface IEventRecorder
{
    /// <summary>Takes an event; returns at once. The same one again is counted, not repeated.</summary>
    /// <param name="about">The object that it is about.</param>
    /// <param name="uid">The object's identity.</param>
    /// <param name="text">What users read.</param>
    void Record(ObjectId about, string uid, EventText text);
}
