package org.portolan.servicefile.yaml;

import java.util.List;

/** Finds the values of a document that no message may show. */
final class TreeSecrets {
    private TreeSecrets() {}

    /** Adds every scalar under a secret's name, under {@code secret:} and under {@code auth:}. */
    static void collect(YamlNode node, List<String> secretNames, List<YamlNode.Scalar> found) {
        // Services, sections, domains and deployments are named by their users: a domain secret.test hides nothing.
        if (node instanceof YamlNode.Mapping root) {
            for (YamlNode.Entry entry : root.entries()) {
                String key = entry.key().text();
                boolean named = key.equals("Domains") || key.equals("Deployments");
                if (named && entry.value() instanceof YamlNode.Mapping names) {
                    names.entries().forEach(name -> inside(name.value(), secretNames, found));
                } else if (entry.value() instanceof YamlNode.Mapping) {
                    inside(entry.value(), secretNames, found);
                } else {
                    inside(new YamlNode.Mapping(List.of(entry), root.at()), secretNames, found);
                }
            }
        } else {
            inside(node, secretNames, found);
        }
    }

    private static void inside(YamlNode node, List<String> secretNames, List<YamlNode.Scalar> found) {
        if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                String key = entry.key().text();
                if (key.equals("auth") || key.equals("secret") || SourceText.isSecretName(key, secretNames)) {
                    scalars(entry.value(), found);
                } else {
                    inside(entry.value(), secretNames, found);
                }
            }
        } else if (node instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                if (item instanceof YamlNode.Scalar scalar && assignsSecret(scalar.text(), secretNames)) {
                    found.add(scalar);
                } else {
                    inside(item, secretNames, found);
                }
            }
        }
    }

    private static boolean assignsSecret(String text, List<String> secretNames) {
        int equals = text.indexOf('=');
        return equals > 0 && SourceText.isSecretName(text.substring(0, equals), secretNames);
    }

    private static void scalars(YamlNode node, List<YamlNode.Scalar> found) {
        if (node instanceof YamlNode.Scalar scalar) {
            found.add(scalar);
        } else if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> scalars(item, found));
        } else if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> scalars(entry.value(), found));
        }
    }
}
