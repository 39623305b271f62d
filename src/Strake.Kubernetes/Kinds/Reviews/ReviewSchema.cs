using Strake.Kubernetes.Schemas;
using static Strake.Kubernetes.Schemas.Describe;

namespace Strake.Kubernetes.Kinds;

/// <summary>Questions that are asked by creating an object, which is answered and not kept.</summary>
public static class ReviewSchema
{
    /// <summary>A token for a service account is wanted.</summary>
    public static Schema TokenRequest { get; } = Record(
        Definitions.Authentication + "TokenRequest", "A token for a service account is wanted.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", Record(
                Definitions.Authentication + "TokenRequestSpec", "What it is to be like.",
                Field(1, "audiences", List(Text), "Who is to take it."),
                Field(4, "expirationSeconds", Number64, "How long it is to be good."),
                Field(3, "boundObjectRef", Record(
                    Definitions.Authentication + "BoundObjectReference", "An object with which it ends.",
                    Field(1, "kind", Text, "The kind."),
                    Field(2, "apiVersion", Text, "The API group and version."),
                    Field(3, "name", Text, "The name."),
                    Field(4, "uid", Text, "The id.")), "An object with which it ends.")), "What is wanted."),
            Field(3, "status", Anything, "The token."),
        ]);

    /// <summary>Whether the asker may do something.</summary>
    public static Schema SelfSubjectAccessReview { get; } = Record(
        Definitions.Authorization + "SelfSubjectAccessReview", "Whether the asker may do something.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", Record(
                Definitions.Authorization + "SelfSubjectAccessReviewSpec", "What; one of the two.",
                Field(1, "resourceAttributes", Record(
                    Definitions.Authorization + "ResourceAttributes", "Something with objects.",
                    Field(1, "namespace", Text, "The namespace."),
                    Field(2, "verb", Text, "What is done."),
                    Field(3, "group", Text, "The group."),
                    Field(4, "version", Text, "The version."),
                    Field(5, "resource", Text, "The plural of the kind."),
                    Field(6, "subresource", Text, "The subresource."),
                    Field(7, "name", Text, "The object.")), "Something with objects."),
                Field(2, "nonResourceAttributes", Record(
                    Definitions.Authorization + "NonResourceAttributes", "Something with a path.",
                    Field(1, "path", Text, "The path."),
                    Field(2, "verb", Text, "What is done.")), "Something with a path.")), "What is asked.").Required(),
            Field(3, "status", Record(
                Definitions.Authorization + "SubjectAccessReviewStatus", "The answer.",
                Field(1, "allowed", Flag, "Whether."),
                Field(4, "denied", Flag, "Whether it is forbidden, whatever else allows it."),
                Field(2, "reason", Text, "Why."),
                Field(3, "evaluationError", Text, "What could not be found out.")), "The answer."),
        ]);

    /// <summary>What the asker may do in a namespace.</summary>
    public static Schema SelfSubjectRulesReview { get; } = Record(
        Definitions.Authorization + "SelfSubjectRulesReview", "What the asker may do in a namespace.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "spec", Record(
                Definitions.Authorization + "SelfSubjectRulesReviewSpec", "Where.",
                Field(1, "namespace", Text, "The namespace.")), "What is asked.").Required(),
            Field(3, "status", Anything, "The answer."),
        ]);

    /// <summary>Who the asker is.</summary>
    public static Schema SelfSubjectReview { get; } = Record(
        Definitions.Authentication + "SelfSubjectReview", "Who the asker is.",
        [
            .. MetaSchema.Head,
            Field(1, "metadata", MetaSchema.ObjectMeta, "The object's metadata."),
            Field(2, "status", Anything, "The answer."),
        ]);
}
